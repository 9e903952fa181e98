package asyncio.file;

import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How bytes and text belong together. Immutable. Python: {@code encoding}, {@code errors} and {@code newline} of
 * {@code open}.
 */
public final class TextOptions {
    /** UTF-8, errors are raised, all kinds of line ends are read as {@code \n}. */
    public static final TextOptions DEFAULT =
            new TextOptions(StandardCharsets.UTF_8, CodingErrorAction.REPORT, Newline.UNIVERSAL);

    /**
     * UTF-8 with a byte order mark, as programs for Windows write it: one at the begin is taken away in reading, and
     * written in writing. Python: {@code 'utf-8-sig'}.
     */
    public static final Charset UTF_8_SIG = new Utf8Sig();

    private final Charset encoding;
    private final CodingErrorAction errors;
    private final Newline newline;

    private TextOptions(Charset encoding, CodingErrorAction errors, Newline newline) {
        this.encoding = encoding;
        this.errors = errors;
        this.newline = newline;
    }

    /** {@link #withEncoding}. */
    public static TextOptions encoding(Charset encoding) {
        return DEFAULT.withEncoding(encoding);
    }

    /** {@link #withErrors}. */
    public static TextOptions errors(CodingErrorAction errors) {
        return DEFAULT.withErrors(errors);
    }

    /** {@link #withNewline}. */
    public static TextOptions newline(Newline newline) {
        return DEFAULT.withNewline(newline);
    }

    /** The same with this charset. Python: {@code encoding}. */
    public TextOptions withEncoding(Charset encoding) {
        return new TextOptions(Objects.requireNonNull(encoding, "withEncoding: encoding is null"), errors, newline);
    }

    /**
     * The same with this answer to bytes that are not text in the charset, and to text that the charset has not.
     * {@code REPORT} raises {@link UnicodeDecodeException} or {@link UnicodeEncodeException} and is Python's
     * {@code 'strict'}; {@code REPLACE} and {@code IGNORE} are Python's words too. Python: {@code errors}.
     */
    public TextOptions withErrors(CodingErrorAction errors) {
        return new TextOptions(encoding, Objects.requireNonNull(errors, "withErrors: errors is null"), newline);
    }

    /** The same with these line ends. Python: {@code newline}. */
    public TextOptions withNewline(Newline newline) {
        return new TextOptions(encoding, errors, Objects.requireNonNull(newline, "withNewline: newline is null"));
    }

    /** {@link #withEncoding}. */
    public Charset encoding() {
        return encoding;
    }

    /** {@link #withErrors}. */
    public CodingErrorAction errors() {
        return errors;
    }

    /** {@link #withNewline}. */
    public Newline newline() {
        return newline;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextOptions options
                && options.encoding.equals(encoding)
                && options.errors == errors
                && options.newline == newline;
    }

    @Override
    public int hashCode() {
        return Objects.hash(encoding, errors, newline);
    }

    @Override
    public String toString() {
        return "<TextOptions encoding=" + encoding + ", errors=" + errors + ", newline=" + newline + ">";
    }
}
