package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * Something is not JSON, or not JSON of the type that was asked for. Python: {@code json.JSONDecodeError}.
 *
 * <p>Its message tells what is wrong, and where, but shows none of the values: they may be secret.
 */
public class JsonDecodeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * With a place.
     *
     * @param message what is wrong
     * @param line the line of the JSON, from 1 on; 0 if it is not known
     * @param column the byte in this line, from 1 on; 0 if it is not known
     * @param cause what it was noticed by
     */
    public JsonDecodeException(String message, int line, int column, @Nullable Throwable cause) {
        super(line > 0 ? message + ", at line " + line + ", column " + column : message, cause);
        this.line = line;
        this.column = column;
    }

    /** The line of the JSON where it is wrong, from 1 on; 0 if it is not known. Python: {@code lineno}. */
    public int line() {
        return line;
    }

    /** The byte in this line, from 1 on; 0 if it is not known. Python: {@code colno}. */
    public int column() {
        return column;
    }
}
