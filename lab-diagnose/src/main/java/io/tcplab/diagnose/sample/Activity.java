package io.tcplab.diagnose.sample;

import io.tcplab.kernel.sockets.SocketMessage;
import io.tcplab.kernel.sockets.TcpInfoField;

/**
 * What tcp_info tells about the traffic of a connection; {@link SocketMessage#ABSENT} stands for what this kernel doesn't
 * tell, or doesn't keep in the socket's state. Members are those of {@link TcpInfoField}.
 *
 * @param lastDataSent milliseconds since
 * @param lastDataRecv milliseconds since data came; a FIN without data doesn't count (tcp_data_queue() in
 *     net/ipv4/tcp_input.c); of a connection that never received any, since it was established
 * @param lastAckRecv milliseconds since a segment with an ACK came, which all but the first SYN have; a FIN counts, data alone may not
 * @param bytesReceived in the connection's life, a FIN counts as one
 * @param bytesAcked of ours, by the peer
 * @param unacked segments in flight
 * @param peerWindow what the peer lets us send, bytes
 * @param ownWindow what we let the peer send, bytes
 * @param rtoMicros the retransmission timeout
 * @param backoff by how many doublings the retransmission's or probe's timer has been stretched
 * @param options as {@link TcpInfoField#OPTIONS}: 1 is timestamps
 * @param ownSyns 1 if this end opened the connection, 0 if it accepted it: {@link SocketMessage#acknowledgedSyns}
 */
public record Activity(
        long lastDataSent,
        long lastDataRecv,
        long lastAckRecv,
        long bytesReceived,
        long bytesAcked,
        long unacked,
        long peerWindow,
        long ownWindow,
        long rtoMicros,
        long backoff,
        long options,
        long ownSyns) {
    static Activity of(SocketMessage message) {
        return new Activity(
                message.info(TcpInfoField.LAST_DATA_SENT),
                message.info(TcpInfoField.LAST_DATA_RECV),
                message.info(TcpInfoField.LAST_ACK_RECV),
                message.info(TcpInfoField.BYTES_RECEIVED),
                message.info(TcpInfoField.BYTES_ACKED),
                message.info(TcpInfoField.UNACKED),
                message.info(TcpInfoField.SND_WND),
                message.info(TcpInfoField.RCV_WND),
                message.info(TcpInfoField.RTO),
                message.info(TcpInfoField.BACKOFF),
                message.info(TcpInfoField.OPTIONS),
                message.acknowledgedSyns());
    }

    /** Since anything came. */
    long silentMillis() {
        return lastDataRecv < 0 ? lastAckRecv : Math.min(lastAckRecv, lastDataRecv);
    }

    /** The same so much later, if nothing came or went meanwhile. */
    Activity after(long millis) {
        return new Activity(
                older(lastDataSent, millis),
                older(lastDataRecv, millis),
                older(lastAckRecv, millis),
                bytesReceived,
                bytesAcked,
                unacked,
                peerWindow,
                ownWindow,
                rtoMicros,
                backoff,
                options,
                ownSyns);
    }

    private static long older(long age, long millis) {
        return age < 0 ? age : age + millis;
    }

    /** Whether nothing came or went in the time until the other was seen. */
    boolean goesOnAs(Activity later, long millis) {
        return bytesReceived == later.bytesReceived
                && bytesAcked == later.bytesAcked
                && unacked == later.unacked
                && peerWindow == later.peerWindow
                && ownWindow == later.ownWindow
                && rtoMicros == later.rtoMicros
                && backoff == later.backoff
                && options == later.options
                && ownSyns == later.ownSyns
                && SocketRow.isAbout(older(lastDataSent, millis), later.lastDataSent)
                && SocketRow.isAbout(older(lastDataRecv, millis), later.lastDataRecv)
                && SocketRow.isAbout(older(lastAckRecv, millis), later.lastAckRecv);
    }
}
