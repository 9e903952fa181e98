package samples.lessons;

/** A bar that turns in front of a message, in one line of the terminal. */
final class Animation {
    private static final String BARS = "|/-\\";

    private final String message;
    private int shown;

    Animation(String message) {
        this.message = message;
    }

    /** Prints the next picture, and moves back to its begin. */
    void show() {
        var picture = BARS.charAt(shown++ % BARS.length()) + " " + message;
        System.out.print(picture + "\b".repeat(picture.length()));
        System.out.flush();
    }

    void erase() {
        int width = message.length() + 2;
        System.out.print(" ".repeat(width) + "\b".repeat(width));
        System.out.flush();
    }
}
