package benchmarks.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;

/** An installed JDK, or JRE. */
record Jdk(Path home, String version) {
    private static final Path SHELF = Path.of("/usr/lib/jvm");

    static Jdk running() {
        return new Jdk(Path.of(System.getProperty("java.home")), System.getProperty("java.version"));
    }

    /** The newest before virtual threads. */
    static Optional<Jdk> withoutVirtualThreads() throws IOException {
        if (!Files.isDirectory(SHELF)) {
            return Optional.empty();
        }
        try (var homes = Files.list(SHELF)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .map(home -> new Jdk(home, version(home)))
                    .filter(jdk -> jdk.feature() >= 17 && jdk.feature() < 21)
                    .max(Comparator.comparingInt(Jdk::feature));
        }
    }

    String java() {
        return home.resolve("bin/java").toString();
    }

    int feature() {
        try {
            return Runtime.Version.parse(version).feature();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private static String version(Path home) {
        var properties = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            properties.load(in);
        } catch (IOException e) {
            return "";
        }
        return properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    }
}
