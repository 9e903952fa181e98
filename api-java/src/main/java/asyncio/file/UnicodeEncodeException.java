package asyncio.file;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** Text has a character that the encoding of its file has not. Python: {@code UnicodeEncodeError}. */
public class UnicodeEncodeException extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final transient Charset encoding;
    private final int start;
    private final int character;

    /**
     * Makes one.
     *
     * @param encoding the charset
     * @param start the index of the character in the text
     * @param character its code point
     */
    public UnicodeEncodeException(Charset encoding, int start, int character) {
        this.encoding = encoding;
        this.start = start;
        this.character = character;
    }

    /** The charset. Python: {@code encoding}. */
    public Charset encoding() {
        return encoding;
    }

    /** The index of the character in the text that was to be written. Python: {@code start}. */
    public int start() {
        return start;
    }

    @Override
    public String getMessage() {
        return "'" + encoding + "' codec can't encode character U+" + String.format("%04X", character) + " in position "
                + start;
    }
}
