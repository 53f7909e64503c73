package io.tcplab.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements, attributes and dumps, from bytes. */
class NetlinkAnswersTest {
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int ROW = 20;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int SEQUENCE = 5;

    /**
     * What Linux 6.18 (x86-64) answered with NETLINK_CAP_ACK and NETLINK_EXT_ACK when 127.0.0.1/8 was added to lo a
     * second time: errno, the request's header, NLMSGERR_ATTR_MSG.
     */
    private static final String ALREADY_ASSIGNED = "efffffff2000000014000506020000000000000023000100"
            + "697076343a204164647265737320616c72656164792061737369676e65640000";

    private final List<String> rows = new ArrayList<>();
    private final Dump dump = new Dump(SEQUENCE, (type, payload) -> rows.add("row " + type));

    @Test
    void anAcknowledgementCarriesTheKernelsWords() {
        NetlinkAck ack = NetlinkAck.decode(bytes(ALREADY_ASSIGNED), NetlinkRequest.NLMSG_HDRLEN, true);
        assertThat(ack).isEqualTo(new NetlinkAck(Errno.EEXIST.number(), "ipv4: Address already assigned"));
        assertThat(ack.failedWith(Errno.EEXIST)).isTrue();
        assertThatThrownBy(() -> ack.orThrow("add an address", errno -> "it is there"))
                .isInstanceOf(KernelException.class)
                .hasMessage("add an address: EEXIST (File exists; the kernel says: ipv4: Address already assigned):"
                        + " it is there");
    }

    @Test
    void withoutAttributesThereAreNoWords() {
        assertThat(NetlinkAck.decode(bytes(ALREADY_ASSIGNED), NetlinkRequest.NLMSG_HDRLEN, false)
                        .message())
                .isEmpty();
        assertThat(NetlinkAck.decode(bytes("00000000"), NetlinkRequest.NLMSG_HDRLEN, true))
                .isEqualTo(new NetlinkAck(0, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "08", "0800", "0300010000000000", "ff00010000000000"})
    void attributesThatEndTooSoonAreNotThere(String malformed) {
        assertThat(NetlinkAttributes.find(bytes(malformed), 1)).isEmpty();
    }

    @Test
    void attributesAreFoundBehindPaddedOnesAndByTypeAlone() {
        ByteBuffer attributes = bytes("0500070041000000" + "0600018042430000");
        assertThat(NetlinkAttributes.find(attributes, 1))
                .map(StandardCharsets.US_ASCII::decode)
                .map(Object::toString)
                .as("type 1 with NLA_F_NESTED")
                .contains("BC");
        assertThat(NetlinkAttributes.find(attributes, 2)).isEmpty();
    }

    @Test
    void anAttributeWithoutAValueMayBeTheLast() {
        ByteBuffer attributes = bytes("0500070041000000" + "04000100");
        assertThat(NetlinkAttributes.find(attributes, 1))
                .hasValueSatisfying(value -> assertThat(value.remaining()).isZero());
        List<String> seen = new ArrayList<>();
        NetlinkAttributes.forEach(attributes, 0, (type, at, size) -> seen.add(type + " at " + at + ": " + size));
        assertThat(seen).containsExactly("7 at 4: 1", "1 at 12: 0");
    }

    @Test
    void aDumpPassesItsRowsUntilItIsDone() {
        dump.message(ROW, 0, SEQUENCE, bytes(""));
        dump.message(ROW, 0, SEQUENCE - 1, bytes(""));
        assertThat(dump.end()).isNull();
        dump.message(NLMSG_DONE, 0, SEQUENCE, bytes("00000000"));
        assertThat(rows)
                .as("the second was a late answer to an earlier request")
                .containsExactly("row 20");
        assertThat(dump.end()).isEqualTo(new NetlinkAck(0, ""));
        assertThat(dump.consistent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {ROW, NLMSG_DONE})
    void anInterruptedDumpIsNotConsistent(int flagged) {
        for (int type : new int[] {ROW, NLMSG_DONE}) {
            dump.message(type, type == flagged ? NLM_F_DUMP_INTR : 0, SEQUENCE, bytes("00000000"));
        }
        assertThat(dump.consistent()).isFalse();
    }

    @Test
    void aDumpThatLostADatagramIsNotConsistent() {
        dump.lostDatagram();
        assertThat(dump.consistent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {NLMSG_ERROR, NLMSG_DONE})
    void aDumpMayEndWithAnError(int type) {
        dump.message(type, 0, SEQUENCE, bytes("feffffff"));
        assertThat(dump.end()).isEqualTo(new NetlinkAck(Errno.ENOENT.number(), ""));
    }

    @Test
    void aHandlersFailureEndsTheRowsButNotTheDump() {
        IllegalStateException failure = new IllegalStateException("mine");
        Dump failing = new Dump(SEQUENCE, (type, payload) -> {
            rows.add("row");
            throw failure;
        });
        failing.message(ROW, 0, SEQUENCE, bytes(""));
        failing.message(ROW, 0, SEQUENCE, bytes(""));
        failing.message(NLMSG_DONE, 0, SEQUENCE, bytes("00000000"));
        assertThat(rows).hasSize(1);
        assertThat(failing.failure()).isSameAs(failure);
        assertThat(failing.end()).isNotNull();
    }

    @Test
    void onlyItsOwnErrorIsItsFailure() {
        assertThat(new NetlinkAck(Errno.EEXIST.number(), "").failedWith(Errno.ENOENT))
                .isFalse();
        assertThat(new NetlinkAck(0, "").failedWith(Errno.ENOENT)).isFalse();
    }

    /** Only a flag of the message says so: what follows an errno may as well be the request. */
    @Test
    void aDumpsErrorIsExplainedIfItsFlagsSaySo() {
        String done = "feffffff" + "0700010061620000";
        dump.message(NLMSG_DONE, 0x200, SEQUENCE, bytes(done));
        assertThat(dump.end()).isEqualTo(new NetlinkAck(Errno.ENOENT.number(), "ab"));
        dump.message(NLMSG_DONE, 0, SEQUENCE, bytes(done));
        assertThat(dump.end()).isEqualTo(new NetlinkAck(Errno.ENOENT.number(), ""));
    }

    @Test
    void aSecondFailureToReadIsThrown() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        dump.brokenOff(first);
        assertThat(dump.failure()).isSameAs(first);
        assertThatThrownBy(() -> dump.brokenOff(second)).isSameAs(second);
        assertThat(dump.failure()).isSameAs(first);
    }

    @Test
    void aTextMayLackItsTerminator() {
        assertThat(NetlinkAttributes.string(bytes("6162"))).isEqualTo("ab");
        assertThat(NetlinkAttributes.string(bytes("61006200"))).isEqualTo("a");
        assertThat(NetlinkAttributes.string(bytes(""))).isEmpty();
    }

    @Test
    void eachAttributeIsPassedUntilOneIsMalformed() {
        List<String> passed = new ArrayList<>();
        ByteBuffer attributes = bytes("ffffffff" + "0500070041000000" + "04000980" + "03000100" + "08000100");
        NetlinkAttributes.forEach(attributes, 4, (type, at, length) -> passed.add(type + " " + at + " " + length));
        assertThat(passed).containsExactly("7 8 1", "9 16 0");
        passed.clear();
        NetlinkAttributes.forEach(
                bytes("0800010001020304" + "09000200"), 0, (type, at, length) -> passed.add(type + " " + at));
        assertThat(passed).containsExactly("1 4");
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
