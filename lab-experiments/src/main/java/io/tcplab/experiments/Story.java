package io.tcplab.experiments;

import java.util.List;

/**
 * An experiment in words.
 *
 * @param name {@code close-wait-leak}
 * @param summary one line for the list
 * @param text a paragraph or two: what happens, why, what it looks like in production, what to do
 * @param fault the one thing that makes the behaviour appear
 * @param control what the other arm does instead
 * @param sysctls the sysctls that matter to it, whether it sets them or not
 */
public record Story(String name, String summary, String text, String fault, String control, List<String> sysctls) {
    /** Copies the list. */
    public Story {
        sysctls = List.copyOf(sysctls);
    }
}
