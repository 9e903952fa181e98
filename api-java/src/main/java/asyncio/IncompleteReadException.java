package asyncio;

/**
 * A stream ended before as many bytes had come as were asked for. Python: {@code asyncio.IncompleteReadError}, an
 * {@code EOFError}.
 */
public class IncompleteReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@link #expected()} where no number of bytes was asked for, but a separator. */
    public static final long UNDEFINED = -1;

    private final byte[] partial;

    private final long expected;

    /**
     * Makes one.
     *
     * @param partial the bytes that did come
     * @param expected how many were asked for, or {@link #UNDEFINED}
     */
    public IncompleteReadException(byte[] partial, long expected) {
        super(partial.length + " bytes read on a total of " + (expected == UNDEFINED ? "undefined" : expected)
                + " expected bytes");
        this.partial = partial;
        this.expected = expected;
    }

    /** The bytes that did come. Python: {@code partial}. */
    public byte[] partial() {
        return partial;
    }

    /** How many bytes were asked for, or {@link #UNDEFINED}. Python: {@code expected}, or {@code None}. */
    public long expected() {
        return expected;
    }
}
