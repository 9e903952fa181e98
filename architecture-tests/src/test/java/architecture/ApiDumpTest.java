package architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysFalse;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public API of each published module is what its checked-in dump says. */
@Tag("once")
class ApiDumpTest {
    @TempDir
    Path folder;

    private Path file;
    private Path actual;

    @BeforeEach
    void placeFiles() {
        file = folder.resolve("sample.api");
        actual = folder.resolve("actual").resolve("sample.api");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("published")
    void publicApiIsWhatIsCheckedIn(String module, String artifact, DescribedPredicate<JavaClass> classes)
            throws IOException {
        var dump = ApiDump.of(Jars.placeOf(classes));
        var checkedIn = Path.of("..", module, "api", artifact + ".api");
        if ("write".equals(System.getProperty("asyncio.api"))) {
            dump.write(checkedIn);
        } else {
            dump.check(checkedIn, Path.of("target", "api", artifact + ".api"));
        }
    }

    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of("api-java", "asyncio4j-api", Jars.API),
                Arguments.of("impl-kotlin", "asyncio4j-kotlin", Jars.KOTLIN),
                Arguments.of("vertx-bridge", "asyncio4j-vertx", Jars.VERTX),
                Arguments.of("http-client", "asyncio4j-http", Jars.HTTP),
                Arguments.of("opentelemetry", "asyncio4j-opentelemetry", Jars.OPENTELEMETRY),
                Arguments.of("micrometer", "asyncio4j-micrometer", Jars.MICROMETER),
                Arguments.of("testing", "asyncio4j-testing", Jars.TESTING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public void other() {}",
                "protected void other() {}",
                "public static final int OTHER = 1;",
                "public Sample(int other) {}",
                "public interface Other {}"
            })
    void whatIsPublicMakesADifference(String member) throws IOException {
        var without = sample("");
        var with = sample(member);

        without.write(file);
        assertTrue(difference(with).contains("\n+"), () -> difference(with));
        with.write(file);
        assertTrue(difference(without).contains("\n-"), () -> difference(without));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "private void other() {}",
                "void other() {}",
                "static final int OTHER = 1;",
                "Sample(int other) {}",
                "interface Other {}"
            })
    void whatIsNotPublicMakesNone(String member) throws IOException {
        sample("").write(file);
        sample(member).check(file, actual);
    }

    @Test
    void differenceShowsTheMethodAndHowToRewriteTheFile() throws IOException {
        sample("public long gone(String text) { return 0; }").write(file);

        var difference = difference(sample("public int added(String text) { return 0; }"));

        assertTrue(difference.contains("\n-\tpublic fun gone (Ljava/lang/String;)J"), difference);
        assertTrue(difference.contains("\n+\tpublic fun added (Ljava/lang/String;)I"), difference);
        assertTrue(difference.contains("\n \tpublic fun kept ()V"), difference);
        assertTrue(difference.contains(ApiDump.COMMAND), difference);
    }

    @Test
    void internalPackagesStayOut() throws IOException {
        sample("").write(file);
        compile("asyncio.internal", "Hidden", "");
        compile("asyncio.internal.deep", "Hidden", "");
        ApiDump.of(classes()).check(file, actual);
    }

    @Test
    void lineEndsOfTheFileDoNotMatter() throws IOException {
        var dump = sample("");
        dump.write(file);
        Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        dump.check(file, actual);
    }

    @Test
    void moduleWithoutClassesIsNoModuleWithoutPublicApi() throws IOException {
        assertThrows(AssertionError.class, () -> Jars.placeOf(alwaysFalse()));
        assertThrows(AssertionError.class, () -> ApiDump.of(Files.createDirectories(classes())));
        assertThrows(AssertionError.class, () -> ApiDump.of(folder.resolve("none.jar")));
    }

    @Test
    void missingFileFailsAndIsWritten() throws IOException {
        var dump = sample("");
        assertTrue(difference(dump).contains(ApiDump.COMMAND));
        dump.write(file);
        assertDoesNotThrow(() -> dump.check(file, actual));
    }

    private String difference(ApiDump dump) {
        return assertThrows(AssertionError.class, () -> dump.check(file, actual))
                .getMessage();
    }

    private ApiDump sample(String member) throws IOException {
        compile("asyncio", "Sample", "public Sample() {} public void kept() {} " + member);
        return ApiDump.of(classes());
    }

    private void compile(String packageName, String type, String members) throws IOException {
        var source = folder.resolve(type + ".java");
        Files.writeString(source, "package " + packageName + "; public class " + type + " {" + members + "}");
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, "-d", classes().toString(), source.toString()));
    }

    private Path classes() {
        return folder.resolve("classes");
    }
}
