import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Run by the build on the JDK that it has selected, with the value of {@code -Dfibers}. Its output is read as properties:
 * what the rest of the build has to know about the JDKs, and on which kind of fibers each execution of the tests is.
 *
 * <p>Surefire's {@code jdkToolchain} does not know the JDKs that the build has discovered, only those of {@code
 * toolchains.xml}. So it gets the path of an older JDK's java from here.
 */
class Jdk {
    private static final String OPENS = "--add-opens java.base/java.lang=ALL-UNNAMED";

    public static void main(String[] args) throws IOException {
        String fibers = args[0];
        if (!List.of("best", "all", "loop", "virtual", "platform").contains(fibers)) {
            fail("-Dfibers=" + fibers + ": use all, loop, virtual or platform");
        }
        int feature = Runtime.version().feature();
        String best = feature >= 21 ? "loop" : "platform";
        boolean one = !fibers.equals("best") && !fibers.equals("all");
        if (feature < 21 && (fibers.equals("all") || fibers.equals("loop") || fibers.equals("virtual"))) {
            fail("-Dfibers=" + fibers + " needs a JDK 21 or newer, and this is " + System.getProperty("java.home"));
        }
        Path home = Path.of(System.getProperty("java.home"));
        Path old = feature < 21 ? home : newestBefore21();
        if (old == null && (fibers.equals("all") || fibers.equals("platform"))) {
            fail("-Dfibers=" + fibers + " needs a JDK 17 to 20 too, and none was found beside " + home
                    + ", in JAVA_HOME or among Maven's toolchains");
        }
        // The executions junit and kotest.
        String first = one ? fibers : best;
        print("first.fibers", first);
        print("first.opens", first.equals("loop") ? OPENS : "");
        print("first.feature", first.equals("platform") ? featureOf(old) : feature);
        // Those of -Dfibers=all.
        print("virtual.feature", feature);
        print("platform.java", old == null ? "" : javaOf(old));
        print("platform.feature", old == null ? "" : featureOf(old));
    }

    private static Path newestBefore21() throws IOException {
        Path newest = null;
        for (Path home : homes()) {
            int feature = featureOf(home);
            if (feature >= 17 && feature < 21 && (newest == null || feature > featureOf(newest))) {
                newest = home;
            }
        }
        return newest;
    }

    private static Set<Path> homes() throws IOException {
        var homes = new LinkedHashSet<Path>();
        for (String file : List.of("toolchains.xml", "discovered-jdk-toolchains-cache.xml")) {
            Path toolchains = Path.of(System.getProperty("user.home"), ".m2", file);
            if (Files.exists(toolchains)) {
                var home = Pattern.compile("<jdkHome>(.*?)</jdkHome>").matcher(Files.readString(toolchains));
                while (home.find()) {
                    homes.add(Path.of(home.group(1)));
                }
            }
        }
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("JAVA") && name.contains("HOME")) {
                homes.add(Path.of(value));
            }
        });
        var neighbours = new ArrayList<Path>();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.home")).getParent())) {
            files.sorted().forEach(neighbours::add);
        }
        homes.addAll(neighbours);
        return homes;
    }

    /** From the file {@code release} of a JDK; 0 if the folder is none. */
    private static int featureOf(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.exists(Path.of(javaOf(home)))) {
            return 0;
        }
        var version = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)").matcher(Files.readString(release));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    private static String javaOf(Path home) {
        Path bin = home.resolve("bin");
        Path windows = bin.resolve("java.exe");
        return (Files.exists(windows) ? windows : bin.resolve("java")).toString();
    }

    private static void print(String name, Object value) {
        System.out.println(name + "=" + value.toString().replace("\\", "\\\\"));
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
