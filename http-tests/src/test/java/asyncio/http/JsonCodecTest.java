package asyncio.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values to JSON and back. */
@Timeout(240)
class JsonCodecTest {
    /** A record, as programs use them. */
    record User(String name, int age, List<String> tags) {}

    private final JsonCodec codec = JsonCodec.standard();

    private String write(Object value) {
        return new String(codec.write(value), UTF_8);
    }

    private <T> T read(String json, Class<T> type) {
        return codec.read(json.getBytes(UTF_8), type);
    }

    private JsonDecodeException refused(String json, Class<?> type) {
        return assertThrows(JsonDecodeException.class, () -> read(json, type));
    }

    @Test
    void plainValues() {
        var value = new LinkedHashMap<String, Object>();
        value.put("a", Arrays.asList(1, 2.5, null, true, "\u00e9\""));
        assertEquals("{\"a\":[1,2.5,null,true,\"\u00e9\\\"\"]}", write(value));
        assertEquals(value, read(write(value), Object.class));
        assertNull(read("null", Object.class));
        assertEquals(5_000_000_000L, read(" 5000000000 ", Object.class));
        assertEquals(new BigInteger("1" + "0".repeat(30)), read("1" + "0".repeat(30), Object.class));
        assertEquals("x", read("\uFEFF\"x\"", Object.class));
    }

    @Test
    void recordsAndTypesWithArguments() {
        var users = List.of(new User("a", 1, List.of()), new User("b", 2, List.of("x")));
        var json = codec.write(users);
        assertEquals(users, codec.read(json, new TypeRef<List<User>>() {}));
        assertEquals(users.get(0), read(write(users.get(0)), User.class));
    }

    @Test
    void theLastOfEqualKeysCounts() {
        assertEquals(Map.of("a", 2), read("{\"a\":1,\"a\":2}", Object.class));
    }

    @Test
    void tellsWhereItIsNotJson() {
        var error = refused("{\n  \"a\": <html>}", Object.class);
        assertEquals(2, error.line());
        assertTrue(error.getMessage().contains("'<'") && error.getMessage().contains("line 2"), error.getMessage());
        for (var bad :
                List.of("", " ", "{", "[1,", "\"a", "tru", "{} {}", "1 2", "{'a':1}", "[1,]", "nul", "+1", "01")) {
            refused(bad, Object.class);
        }
    }

    @Test
    void numbersThatJsonDoesNotHave() {
        for (var bad : List.of("NaN", "[Infinity]", "-Infinity")) {
            refused(bad, Object.class);
        }
        for (var bad : List.<Object>of(
                Double.NaN, List.of(Float.POSITIVE_INFINITY), Map.of("a", Double.NEGATIVE_INFINITY), new double[] {
                    1, Double.NaN
                })) {
            var error = assertThrows(IllegalArgumentException.class, () -> codec.write(bad));
            assertTrue(
                    error.getMessage().contains("NaN") || error.getMessage().contains("Infinity"), error.getMessage());
        }
        assertEquals("[1.0,2.0]", write(new double[] {1, 2}));
    }

    @Test
    void thereAreLimits() {
        refused("[".repeat(5000) + "]".repeat(5000), Object.class);
        refused("9".repeat(5000), Object.class);
        assertEquals(1, ((List<?>) read("[".repeat(900) + "]".repeat(900), Object.class)).size());
        var circle = new ArrayList<>();
        circle.add(circle);
        assertThrows(IllegalArgumentException.class, () -> codec.write(circle));
    }

    @Test
    void whatDoesNotFitTheTypeIsToldWithoutTheValue() {
        var error = refused("{\"name\":\"a\",\"age\":\"s3cret\",\"tags\":[]}", User.class);
        assertTrue(error.getMessage().contains("$.age") && error.getMessage().contains("int"), error.getMessage());
        assertFalse(error.toString().contains("s3cret"), error.toString());
        var deep = refused("{\"name\":\"a\",\"age\":1,\"tags\":[\"x\",{\"k\":\"s3cret\"}]}", User.class);
        assertTrue(deep.getMessage().contains("$.tags[1]"), deep.getMessage());
        var unknown = refused("{\"nome\":\"s3cret\"}", User.class);
        assertTrue(
                unknown.getMessage().contains("nome") && unknown.getMessage().contains("tags"), unknown.getMessage());
        assertFalse(refused("s3cret", Object.class).toString().contains("s3cret"));
        assertNull(error.getCause());
    }

    /** Cannot be written. */
    static final class Broken {
        public String getName() {
            throw new IllegalStateException("no name");
        }
    }

    @Test
    void whatCannotBeWrittenIsToldOf() {
        var error = assertThrows(IllegalArgumentException.class, () -> codec.write(new Broken()));
        assertTrue(error.getMessage().contains("Broken") && error.getMessage().contains("no name"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> codec.write(Map.of("x", new Broken())));
    }

    @Test
    @SuppressWarnings({"rawtypes", "unchecked"})
    void aTypeRefNamesItsType() {
        var ref = new TypeRef<Map<String, List<Integer>>>() {};
        assertEquals("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>", ref.toString());
        assertEquals(ref, new TypeRef<Map<String, List<Integer>>>() {});
        assertThrows(IllegalStateException.class, () -> new TypeRef() {});
    }
}
