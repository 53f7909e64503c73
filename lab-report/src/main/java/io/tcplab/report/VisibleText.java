package io.tcplab.report;

/**
 * Text that somebody else wrote, such as a process's name, so that a reader sees all of it: a browser shows nothing of a control
 * character, and lets a mark for right-to-left text turn around what stands beside it.
 */
final class VisibleText {
    private static final int PICTURES = 0x2400;
    private static final int DELETE = 0x7f;
    private static final int DELETE_PICTURE = 0x2421;

    private VisibleText() {}

    /** The same with pictures of control characters (␇) and the numbers of others that can't be seen: {@code [U+202E]}. */
    static String of(String text) {
        if (text.chars().noneMatch(VisibleText::isHidden)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        text.chars().forEach(each -> {
            if (!isHidden(each)) {
                visible.append((char) each);
            } else if (each < ' ') {
                visible.append((char) (PICTURES + each));
            } else if (each == DELETE) {
                visible.append((char) DELETE_PICTURE);
            } else {
                visible.append("[U+%04X]".formatted(each));
            }
        });
        return visible.toString();
    }

    /** Lines and tabs are meant. */
    private static boolean isHidden(int each) {
        return each != '\n'
                && each != '\t'
                && (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT);
    }
}
