package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md says of records, and of what may be missing. */
@Tag("once")
class RecordsAndNullsTest {
    private static final Pattern OPTIONAL = Pattern.compile("java\\.util\\.Optional\\w*");

    /** A record can never get another component. Each of these is complete, and this says why. */
    private static final Map<String, String> RECORDS = new TreeMap<>(Map.ofEntries(
            Map.entry("asyncio.DoneAndPending", "a result that is taken apart, as Python's tuple"),
            Map.entry("asyncio.ExceptionGroup$Split", "a result that is taken apart, as Python's tuple"),
            Map.entry("asyncio.FrameCallGraphEntry", "Python's class has these fields"),
            Map.entry("asyncio.FutureCallGraph", "Python's class has these fields"),
            Map.entry("asyncio.Outcome$Failure", "a result that is taken apart"),
            Map.entry("asyncio.Outcome$Success", "a result that is taken apart"),
            Map.entry("asyncio.http.BasicAuth", "RFC 7617 knows no more"),
            Map.entry("asyncio.http.ClientResponse$Link", "RFC 8288: everything else is a parameter"),
            Map.entry("asyncio.http.ContentDisposition", "RFC 6266: everything else is a parameter"),
            Map.entry("asyncio.io.Datagram", "a datagram has bytes and a sender"),
            Map.entry("asyncio.io.Endpoint", "a result that is taken apart, as Python's tuple"),
            Map.entry("asyncio.io.WriteBufferLimits", "a result that is taken apart, as Python's tuple"),
            Map.entry("asyncio.testing.MemoryStreams$Pair", "a connection has two ends")));

    @Test
    void publicRecordsAreThoseThatAreComplete() {
        var records = new TreeSet<String>();
        for (var type : publicTypes()) {
            if (type.reflect().isRecord()) {
                records.add(type.getName());
            }
        }
        assertEquals(RECORDS.keySet(), records);
    }

    @Test
    void nothingPublicIsOptional() {
        var found = new TreeSet<String>();
        for (var type : publicTypes()) {
            for (var method : type.reflect().getDeclaredMethods()) {
                if (isVisible(method.getModifiers())) {
                    var types = new ArrayList<Type>(List.of(method.getGenericParameterTypes()));
                    types.add(method.getGenericReturnType());
                    report(found, type.getName() + "." + method.getName(), types);
                }
            }
            for (var constructor : type.reflect().getDeclaredConstructors()) {
                if (isVisible(constructor.getModifiers())) {
                    report(found, type.getName() + "()", List.of(constructor.getGenericParameterTypes()));
                }
            }
            for (var field : type.reflect().getDeclaredFields()) {
                if (isVisible(field.getModifiers())) {
                    report(found, type.getName() + "." + field.getName(), List.of(field.getGenericType()));
                }
            }
        }
        assertEquals(Set.of(), found);
    }

    private static void report(Set<String> found, String where, List<Type> types) {
        if (types.stream().anyMatch(type -> OPTIONAL.matcher(type.getTypeName()).find())) {
            found.add(where);
        }
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static List<JavaClass> publicTypes() {
        return Jars.ALL.stream()
                .filter(type -> !type.getPackageName().startsWith("asyncio.internal"))
                .filter(RecordsAndNullsTest::isPublic)
                .toList();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(RecordsAndNullsTest::isPublic).orElse(true);
    }
}
