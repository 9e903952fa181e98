package asyncio.io;

/** A line is longer than the limit of its {@link StreamReader}. Python: the {@code ValueError} of {@code readline}. */
public class LineTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public LineTooLongException(String message) {
        super(message);
    }
}
