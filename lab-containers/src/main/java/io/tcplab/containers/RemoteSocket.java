package io.tcplab.containers;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.containers.protocol.Values;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.SocketOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A socket of the agent's, driven by messages that say what a call would. */
record RemoteSocket(AgentLink link, int handle) implements Socket {
    @Override
    public CallResult<Boolean> bind(InetSocketAddress address) {
        return ask(Call.BIND, call -> call.endpoint(address), MessageReader::flag);
    }

    @Override
    public CallResult<Boolean> listen(int backlog) {
        return ask(Call.LISTEN, call -> call.integer(backlog), MessageReader::flag);
    }

    @Override
    public CallResult<Boolean> startConnect(InetSocketAddress address) {
        return ask(Call.START_CONNECT, call -> call.endpoint(address), MessageReader::flag);
    }

    @Override
    public CallResult<Boolean> finishConnect(Duration within) throws InterruptedException {
        return await(Call.FINISH_CONNECT, within, nothing -> {}, MessageReader::flag);
    }

    @Override
    public CallResult<Socket> accept(Duration within) throws InterruptedException {
        return await(Call.ACCEPT, within, nothing -> {}, answer -> new RemoteSocket(link, answer.integer()));
    }

    @Override
    public CallResult<Integer> send(byte[] bytes) {
        return ask(Call.SEND, call -> call.bytes(bytes), MessageReader::integer);
    }

    @Override
    public CallResult<Integer> send(int count) {
        return ask(Call.SEND_ZEROS, call -> call.integer(count), MessageReader::integer);
    }

    @Override
    public CallResult<byte[]> receive(int most, Duration within) throws InterruptedException {
        return await(Call.RECEIVE, within, call -> call.integer(most), MessageReader::bytes);
    }

    @Override
    public CallResult<Boolean> shutdownOutput() {
        return ask(Call.SHUTDOWN_OUTPUT, MessageReader::flag);
    }

    @Override
    public CallResult<Boolean> set(SocketOption option, int value) {
        return ask(Call.SET_OPTION, call -> call.constant(option).integer(value), MessageReader::flag);
    }

    @Override
    public CallResult<Boolean> linger(int seconds) {
        return ask(Call.LINGER, call -> call.integer(seconds), MessageReader::flag);
    }

    @Override
    public Optional<Errno> error() {
        return link
                .ask(Call.ERROR, call -> call.integer(handle), answer -> answer.each(one -> one.constant(Errno.class)))
                .stream()
                .findFirst();
    }

    @Override
    public InetSocketAddress local() {
        return link.ask(Call.LOCAL, call -> call.integer(handle), MessageReader::endpoint);
    }

    @Override
    public CallResult<InetSocketAddress> peer() {
        return ask(Call.PEER, MessageReader::endpoint);
    }

    @Override
    public void close() {
        link.tell(Call.CLOSE, call -> call.integer(handle));
    }

    private <T> CallResult<T> ask(Call call, Function<MessageReader, T> value) {
        return ask(call, nothing -> {}, value);
    }

    private <T> CallResult<T> ask(Call call, Consumer<MessageWriter> arguments, Function<MessageReader, T> value) {
        return link.ask(
                call, message -> arguments.accept(message.integer(handle)), answer -> Values.callResult(answer, value));
    }

    /** The call's own time goes last. */
    private <T> CallResult<T> await(
            Call call, Duration within, Consumer<MessageWriter> arguments, Function<MessageReader, T> value)
            throws InterruptedException {
        return link.await(
                call,
                within,
                message -> {
                    arguments.accept(message.integer(handle));
                    message.duration(within);
                },
                answer -> Values.callResult(answer, value));
    }
}
