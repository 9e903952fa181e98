package asyncio.http;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A login and a password for HTTP's {@code Basic} scheme. {@link #toString()} does not show the password. Python:
 * {@code aiohttp.BasicAuth}, whose charset is Latin-1 unless given.
 *
 * @param login the login; has no colon in it
 * @param password the password; may be empty
 * @param charset how both are turned into bytes
 */
public record BasicAuth(String login, String password, Charset charset) {

    /**
     * With all there is to say.
     *
     * @throws IllegalArgumentException if the login has a colon in it, which would end it
     */
    public BasicAuth {
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(charset, "charset");
        if (login.indexOf(':') >= 0) {
            throw new IllegalArgumentException("A login for Basic authentication may have no \":\" in it");
        }
    }

    /**
     * In UTF-8, which is what servers expect today (RFC 7617).
     *
     * @throws IllegalArgumentException if the login has a colon in it, which would end it
     */
    public BasicAuth(String login, String password) {
        this(login, password, StandardCharsets.UTF_8);
    }

    /**
     * What stands in a header, in UTF-8. Python: {@code BasicAuth.decode}.
     *
     * @param header the value of an {@code Authorization} header
     * @throws IllegalArgumentException if it is of another scheme or malformed
     */
    public static BasicAuth decode(String header) {
        return decode(header, StandardCharsets.UTF_8);
    }

    /**
     * What stands in a header. Python: {@code BasicAuth.decode}.
     *
     * @param header the value of an {@code Authorization} header
     * @throws IllegalArgumentException if it is of another scheme or malformed
     */
    public static BasicAuth decode(String header, Charset charset) {
        var text = header.strip();
        if (!text.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw new IllegalArgumentException("The header is not of the scheme Basic");
        }
        String decoded;
        try {
            var bytes = Base64.getDecoder().decode(text.substring(6).strip());
            decoded = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException e) {
            // The message of e itself would show a part of the secret.
            throw new IllegalArgumentException("The credentials in the header are not in base64");
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("The credentials in the header are not in " + charset);
        }
        int colon = decoded.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("The credentials in the header have no \":\" in them");
        }
        return new BasicAuth(decoded.substring(0, colon), decoded.substring(colon + 1), charset);
    }

    /**
     * The user and the password in a URL such as {@code http://user:password@host/}, decoded; null where there are
     * none. Python: {@code BasicAuth.from_url}.
     *
     * @throws IllegalArgumentException if the user has a colon in it
     */
    public static @Nullable BasicAuth fromUrl(URI url) {
        var authority = url.getRawAuthority();
        int at = authority == null ? -1 : authority.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        var user = authority.substring(0, at);
        int colon = user.indexOf(':');
        return new BasicAuth(
                percentDecoded(colon < 0 ? user : user.substring(0, colon)),
                colon < 0 ? "" : percentDecoded(user.substring(colon + 1)));
    }

    /**
     * The value for an {@code Authorization} header. Python: {@code encode}, {@code aiohttp.encode_basic_auth}.
     *
     * @throws IllegalArgumentException if the charset has no bytes for one of the characters
     */
    public String encode() {
        try {
            var bytes = charset.newEncoder().encode(CharBuffer.wrap(login + ":" + password));
            return "Basic "
                    + StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "The login or the password has a character in it that is not in " + charset + "; use UTF-8");
        }
    }

    @Override
    public String toString() {
        return "BasicAuth[login=" + login + ", password=…, charset=" + charset + "]";
    }

    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var raw = text.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
            if (low < 0) {
                bytes.put(raw[i]);
            } else {
                bytes.put((byte) (high * 16 + low));
                i += 2;
            }
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
