package io.tcplab.containers.agent;

import static io.tcplab.containers.protocol.Values.write;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.SocketOption;

/** The calls on sockets. Each begins with the socket's number. */
final class SocketCalls {
    private final Handles<Socket> sockets = new Handles<>("socket");

    int add(Socket socket) {
        return sockets.add(socket);
    }

    void perform(Call call, MessageReader in, MessageWriter out) throws InterruptedException {
        Socket socket = sockets.get(in.integer());
        switch (call) {
            case BIND -> write(out, socket.bind(in.endpoint()), MessageWriter::flag);
            case LISTEN -> write(out, socket.listen(in.integer()), MessageWriter::flag);
            case START_CONNECT -> write(out, socket.startConnect(in.endpoint()), MessageWriter::flag);
            case FINISH_CONNECT -> write(out, socket.finishConnect(in.duration()), MessageWriter::flag);
            case ACCEPT ->
                write(out, socket.accept(in.duration()), (answer, accepted) -> answer.integer(add(accepted)));
            case SEND -> write(out, socket.send(in.bytes()), MessageWriter::integer);
            case SEND_ZEROS -> write(out, socket.send(in.integer()), MessageWriter::integer);
            case RECEIVE -> write(out, socket.receive(in.integer(), in.duration()), MessageWriter::bytes);
            case SHUTDOWN_OUTPUT -> write(out, socket.shutdownOutput(), MessageWriter::flag);
            case SET_OPTION ->
                write(out, socket.set(in.constant(SocketOption.class), in.integer()), MessageWriter::flag);
            case LINGER -> write(out, socket.linger(in.integer()), MessageWriter::flag);
            case ERROR -> out.each(socket.error().stream().toList(), MessageWriter::constant);
            case LOCAL -> out.endpoint(socket.local());
            case PEER -> write(out, socket.peer(), MessageWriter::endpoint);
            case CLOSE -> socket.close();
            default -> throw new IllegalArgumentException(call + " is not a call on a socket");
        }
    }
}
