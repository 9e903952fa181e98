package asyncio.file;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** Bytes of a file are not text in its encoding. Python: {@code UnicodeDecodeError}. */
public class UnicodeDecodeException extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final transient Charset encoding;
    private final long start;
    private final byte[] bytes;

    /**
     * Makes one.
     *
     * @param encoding the charset
     * @param start the position of the first wrong byte, in the file
     * @param bytes the wrong bytes
     */
    public UnicodeDecodeException(Charset encoding, long start, byte[] bytes) {
        this.encoding = encoding;
        this.start = start;
        this.bytes = bytes;
    }

    /** The charset. Python: {@code encoding}. */
    public Charset encoding() {
        return encoding;
    }

    /** The position of the first wrong byte, in the file. Python: {@code start}. */
    public long start() {
        return start;
    }

    /** The wrong bytes. Python: {@code object[start:end]}. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String getMessage() {
        return "'" + encoding + "' codec can't decode byte "
                + (bytes.length == 0 ? "" : String.format("0x%02x ", bytes[0])) + "in position " + start;
    }
}
