package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void showsWhatABrowserWouldHide() {
        assertThat(VisibleText.of("a\u0007b\u001b[31m\u007f\u0085")).isEqualTo("a\u2407b\u241b[31m\u2421[U+0085]");
        assertThat(VisibleText.of("exe.\u202egnp\u2066\u200f")).isEqualTo("exe.[U+202E]gnp[U+2066][U+200F]");
    }

    @Test
    void leavesTheRestAlone() {
        String text = "nginx: worker <b>\n\t\u05e9\u05dc\u05d5\u05dd \u2713";
        assertThat(VisibleText.of(text)).isSameAs(text);
    }
}
