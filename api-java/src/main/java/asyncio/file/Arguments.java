package asyncio.file;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Looks at the arguments of functions. */
final class Arguments {
    private Arguments() {}

    static <T> T notNull(@Nullable T value, String function, String parameter) {
        if (value == null) {
            throw new NullPointerException(function + ": " + parameter + " is null");
        }
        return value;
    }

    static TextOptions options(@Nullable Charset encoding, String function) {
        return TextOptions.encoding(notNull(encoding, function, "encoding"));
    }
}
