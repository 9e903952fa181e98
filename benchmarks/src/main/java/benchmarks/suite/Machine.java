package benchmarks.suite;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    /** How many processes wanted a core in the last minute. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static Map<String, String> describe(Jdk jdk, Optional<Jdk> oldJdk, Python python, double load) {
        var machine = new LinkedHashMap<String, String>();
        machine.put("date", LocalDate.now().toString());
        machine.put("processor", processor());
        machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put("load at the start", "%.1f".formatted(load));
        machine.put("JDK", jdk.version());
        machine.put("JDK of the platform threads", oldJdk.orElse(jdk).version());
        machine.put("Vert.x", vertxVersion());
        machine.put("kotlinx-coroutines", packageVersion(kotlinx.coroutines.Job.class));
        machine.put("OkHttp", okhttp3.OkHttp.VERSION);
        machine.put("Kotlin", kotlin.KotlinVersion.CURRENT.toString());
        python.interpreter(Peer.CPYTHON, Row.SLEEP0)
                .ifPresent(found -> machine.put("CPython", found.about().get("python")));
        python.interpreter(Peer.UVLOOP, Row.SLEEP0)
                .ifPresent(found -> machine.put(
                        "uvloop",
                        found.about().get("uvloop") + " on CPython "
                                + found.about().get("python")));
        python.interpreter(Peer.CPYTHON, Row.HTTP64)
                .ifPresent(found -> machine.put(
                        "aiohttp",
                        found.about().get("aiohttp") + " on CPython "
                                + found.about().get("python")));
        return machine;
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String vertxVersion() {
        try (var in = Vertx.class.getResourceAsStream("/META-INF/vertx/vertx-version.txt")) {
            return in == null ? "?" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "?";
        }
    }

    private static String packageVersion(Class<?> type) {
        var version = type.getPackage().getImplementationVersion();
        return version == null ? "?" : version;
    }
}
