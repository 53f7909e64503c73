"""A Python server of asyncio's streams. Usage: streams.py PORT BEHAVIOUR"""

import asyncio
import sys
import time

port, behaviour = int(sys.argv[1]), sys.argv[2]
kept = []


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def never_close(reader, writer):
    await reader.read()
    kept.append(writer)


async def pause(reader, writer):
    writer.transport.pause_reading()
    kept.append(writer)


async def close_late(reader, writer):
    await reader.read()
    await asyncio.sleep(4)
    writer.close()


async def block_the_loop(reader, writer):
    """A call that blocks, in a coroutine: nothing else is accepted or read meanwhile."""
    kept.append(writer)
    if await reader.read(1) == b"!":
        writer.write(b"ok")
        time.sleep(1000)


async def main():
    server = await asyncio.start_server(globals()[behaviour], "0.0.0.0", port)
    await server.serve_forever()


asyncio.run(main())
