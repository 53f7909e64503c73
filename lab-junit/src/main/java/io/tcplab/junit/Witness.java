package io.tcplab.junit;

import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.RawCensus;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The program inside a side-car: says what the kernel shows there. {@code census} prints a census as the kernel wrote it, in
 * Base64; {@code diagnosis PORT} or {@code diagnosis all} a diagnosis in words.
 */
final class Witness {
    private Witness() {}

    public static void main(String[] arguments) throws InterruptedException {
        String answer = switch (arguments[0]) {
            case "census" -> census();
            case "diagnosis" -> diagnosis(arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        new PrintStream(new FileOutputStream(FileDescriptor.out), true).println(answer);
    }

    private static String diagnosis(String port) throws InterruptedException {
        Target target =
                port.equals("all") ? new Target.Inside(Namespace.current()) : new Target.OnPort(Integer.parseInt(port));
        return Diagnostician.diagnose(target, HostSockets.WINDOW).text();
    }

    private static String census() {
        try (SockDiag sockDiag = SockDiag.open(Namespace.current())) {
            RawCensus census = sockDiag.raw(SocketQuery.all().withTcpInfo());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(census.atNanos());
            out.writeBoolean(census.complete());
            write(out, census.messages());
            write(out, census.mptcp());
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code census} has printed. Its time is the clock's of the side-car. */
    static Census census(String printed) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(printed.strip())))) {
            long atNanos = in.readLong();
            boolean complete = in.readBoolean();
            return new RawCensus(atNanos, messages(in), messages(in), complete).decode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, List<byte[]> messages) throws IOException {
        out.writeInt(messages.size());
        for (byte[] message : messages) {
            out.writeInt(message.length);
            out.write(message);
        }
    }

    private static List<byte[]> messages(DataInputStream in) throws IOException {
        int number = in.readInt();
        List<byte[]> messages = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            byte[] message = new byte[in.readInt()];
            in.readFully(message);
            messages.add(message);
        }
        return messages;
    }
}
