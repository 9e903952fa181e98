package api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Has javac compile single lines of Java, each as a method of one class {@code Lines}. */
final class JavaLines {
    private static final String HEAD = """
            import static asyncio.Asyncio.*;
            import static java.time.Duration.*;
            import asyncio.*;
            import asyncio.http.*;
            import asyncio.Future;
            import asyncio.Queue;
            import asyncio.TimeoutException;
            import java.io.IOException;
            import java.sql.SQLException;
            import java.util.*;
            import java.util.concurrent.Callable;
            import java.util.concurrent.CompletableFuture;

            public class Lines {
                final List<String> list = new ArrayList<>();
                final Lock lock = Lock.create();
                final Semaphore semaphore = Semaphore.create(1);
                final List<Task<String>> tasks = new ArrayList<>();
                final ClientSession session;
                Task<String> task;
                int count;

                public Lines(ClientSession session) { this.session = session; }

                Coroutine<Void> main() { return async(() -> { list.add("main"); }); }
                Coroutine<String> hello(String name) { return async(() -> "hello " + name); }
                Coroutine<Integer> number(int n) { return async(() -> n); }
                Coroutine<Void> nothing() { return async(() -> {}); }
                Coroutine<String> slow() { return async(() -> await(sleep(ofSeconds(100), "slow"))); }
                Coroutine<String> none() { return null; }
                AsyncContextManager<String> connection() {
                    return asyncContextManager(out -> out.yield("connection"));
                }
                AsyncGenerator<Integer> numbers() { return asyncGenerator(out -> { out.yield(1); out.yield(2); }); }
                String readFile() throws IOException { return "file"; }
                void query() throws SQLException {}
                void plain() {}
            """;

    private JavaLines() {}

    /** The lines of a file of the test's, without comments; each with what stands before " | ". */
    static List<String> read(String name) {
        try (var in = JavaLines.class.getResourceAsStream("/api/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("= "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What javac says against {@code lines}, each message with the line that it is about; nothing if it is content. */
    static List<String> compile(List<String> lines, int release, Path classes) {
        var source = new StringBuilder(HEAD);
        long first = HEAD.lines().count() + 1;
        for (int i = 0; i < lines.size(); i++) {
            source.append("public void line").append(i).append("() throws Exception { ");
            source.append(lines.get(i)).append(" }\n");
        }
        source.append("}\n");
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new DiagnosticCollector<JavaFileObject>();
        var options = List.of(
                "--release",
                "" + release,
                "-classpath",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-d",
                classes.toString());
        compiler.getTask(null, null, messages, options, null, List.of(new Source(source.toString())))
                .call();
        var said = new ArrayList<String>();
        for (var message : List.copyOf(messages.getDiagnostics())) {
            if (message.getKind() == Diagnostic.Kind.ERROR) {
                int line = (int) (message.getLineNumber() - first);
                var place = line >= 0 && line < lines.size() ? lines.get(line) : "line " + message.getLineNumber();
                said.add(message.getMessage(Locale.ROOT) + " | " + place);
            }
        }
        return said;
    }

    /** The class that {@link #compile} has made. */
    static Class<?> load(Path classes) throws ClassNotFoundException, MalformedURLException {
        var urls = new URL[] {classes.toUri().toURL()};
        return new URLClassLoader(urls, JavaLines.class.getClassLoader()).loadClass("Lines");
    }

    static Path newDirectory(Path parent) {
        try {
            return Files.createTempDirectory(parent, "lines");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(Path.of("Lines.java").toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
