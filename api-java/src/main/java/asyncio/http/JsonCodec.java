package asyncio.http;

import asyncio.spi.HttpProvider;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into JSON and back. Python: the arguments {@code json_serialize} and {@code loads}.
 *
 * <p>Used by one thread at a time in one loop, but possibly by several loops at once.
 */
public interface JsonCodec {

    /**
     * The one that sessions use unless told otherwise: Jackson as it comes, with the modules that are on the class
     * path. Records, beans, collections, maps and arrays work both ways. A field that the class does not have is an
     * error, as Jackson has it; {@code @JsonIgnoreProperties(ignoreUnknown = true)} on the class allows it.
     * {@code Object.class} gives Map, List, String, Integer, Long, BigInteger, Double, Boolean and null.
     *
     * <p>As in Python the last one of equal keys counts. Unlike there NaN and the infinities, which JSON does not have,
     * are refused both ways; so are more than 1000 levels, numbers of more than 1000 digits, and text behind the value.
     */
    static JsonCodec standard() {
        return HttpProvider.get().bodies().json();
    }

    /**
     * The value as JSON, in UTF-8. Python: {@code json.dumps}.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    byte[] write(@Nullable Object value);

    /**
     * The value that this JSON is, as an object of this type. Python: {@code json.loads}.
     *
     * @param json in UTF-8
     * @throws JsonDecodeException if it is not JSON, or not of this type
     */
    <T extends @Nullable Object> T read(byte[] json, Type type);

    /** {@link #read(byte[], Type)} for a plain class. */
    default <T> T read(byte[] json, Class<T> type) {
        return this.<T>read(json, (Type) type);
    }

    /** {@link #read(byte[], Type)} for a type with type arguments. */
    default <T extends @Nullable Object> T read(byte[] json, TypeRef<T> type) {
        return this.<T>read(json, type.type());
    }
}
