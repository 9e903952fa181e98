package asyncio.semantics;

import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Awaitable;
import asyncio.GeneratorExit;
import asyncio.StopAsyncIteration;
import asyncio.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls of async generators before their start, at a yield, after their end, after a failure and after a close end as
 * on CPython. The calls, and what CPython made of them, are in {@code calls.txt}, which {@code calls.py} beside it
 * wrote.
 */
class GeneratorCallsTest extends OnLoop {

    /** How the body of the generator is written. */
    enum Body {
        JAVA(GeneratorCallsTest::java),
        SUSPEND_FUNCTION(SuspendGenerators::create);

        private final BiFunction<String, List<Object>, AsyncGenerator<Object>> create;

        Body(BiFunction<String, List<Object>, AsyncGenerator<Object>> create) {
            this.create = create;
        }
    }

    @ParameterizedTest
    @EnumSource
    void endAsOnCPython(Body body) throws IOException {
        List<String> lines;
        try (var in = GeneratorCallsTest.class.getResourceAsStream("/asyncio/generators/calls.txt")) {
            lines = new String(in.readAllBytes(), UTF_8).lines().toList();
        }
        assertTrue(lines.size() > 500);
        var wrong = new ArrayList<String>();
        inLoop(() -> {
            for (var line : lines) {
                var parts = line.split(" \\| ", -1);
                var notes = new ArrayList<Object>();
                var generator = body.create.apply(parts[0], notes);
                var ends = new ArrayList<String>();
                for (var call : parts[1].split(" ")) {
                    ends.add(end(generator, call));
                }
                var noted = notes.stream().map(GeneratorCallsTest::python).collect(Collectors.joining(", "));
                var actual = parts[0] + " | " + parts[1] + " | " + String.join(", ", ends) + " | " + noted;
                if (!actual.equals(line)) {
                    wrong.add(line + "\n  not " + actual);
                }
                for (int i = 0; i < 3; i++) {
                    end(generator, "anext");
                }
            }
        });
        assertEquals("", String.join("\n", wrong));
    }

    private static String end(AsyncGenerator<Object> generator, String call) {
        try {
            Awaitable<?> awaitable = switch (call) {
                case "anext" -> generator.anext();
                case "asend" -> generator.asend("value");
                case "athrow" -> generator.athrow(new IllegalArgumentException("thrown"));
                case "athrow-StopAsyncIteration" -> generator.athrow(new StopAsyncIteration());
                case "athrow-StopIteration" -> generator.athrow(new StopIteration(null));
                case "athrow-GeneratorExit" -> generator.athrow(new GeneratorExit());
                case "aclose" -> generator.aclose();
                default -> throw new AssertionError(call);
            };
            return python(await(awaitable));
        } catch (Throwable error) {
            return nameOf(error) + (error.getCause() == null ? "" : " from " + nameOf(error.getCause()));
        }
    }

    private static String python(Object value) {
        return Objects.toString(value, "None");
    }

    private static final Map<Class<?>, String> NAMES = Map.of(
            IllegalArgumentException.class, "ValueError",
            NoSuchElementException.class, "LookupError",
            IllegalStateException.class, "RuntimeError");

    /** The name of the exception that is this one in Python. */
    static String nameOf(Throwable error) {
        if (String.valueOf(error.getMessage()).startsWith("can't send a value to a just-started")) {
            return "TypeError";
        }
        return NAMES.getOrDefault(error.getClass(), error.getClass().getSimpleName());
    }

    private static AsyncGenerator<Object> java(String name, List<Object> log) {
        return switch (name) {
            case "noting" ->
                asyncGenerator(out -> {
                    try {
                        out.yield(1);
                        out.yield(2);
                    } catch (Throwable e) {
                        log.add(nameOf(e));
                        throw e;
                    } finally {
                        await(sleep(ZERO));
                        log.add("finally");
                    }
                });
            case "stubborn" ->
                asyncGenerator(out -> {
                    try {
                        out.yield(1);
                    } catch (GeneratorExit e) {
                        log.add("ignored");
                        out.yield(2);
                    }
                    try {
                        out.yield(3);
                    } catch (Throwable e) {
                        log.add(nameOf(e));
                        throw e;
                    }
                });
            case "failing" ->
                asyncGenerator(out -> {
                    out.yield(1);
                    throw new NoSuchElementException("body");
                });
            case "answering" ->
                asyncGenerator(out -> {
                    try {
                        log.add(out.yield(1));
                    } catch (IllegalArgumentException e) {
                        out.yield("answer");
                    }
                    out.yield("next");
                });
            case "swallowing" ->
                asyncGenerator(out -> {
                    try {
                        out.yield(1);
                    } catch (Throwable e) {
                        log.add("swallowed " + nameOf(e));
                    }
                });
            default -> throw new AssertionError(name);
        };
    }
}
