import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Counts the tests in Surefire's reports: {@code MODULE/target/surefire-reports/KIND/RUNNER/TEST-….xml}. The arguments are
 * the folder of the project and the kinds of fibers.
 *
 * <p>Fails if a test failed, if a kind has no JUnit test or no Kotest spec, if tests did not run on the kind of fibers or
 * on the JDK that they were meant for, or if a class of tests did not run on a kind: all run on the first one, and those
 * without the tag {@code once} on the others too.
 */
class Count {
    static final Map<String, String> RUNNERS = Map.of("junit", "JUnit", "mdc", "JUnit", "kotest", "Kotest");
    static final Pattern ONCE = Pattern.compile("@Tags?\\(\"once\"\\)");

    static final List<String> complaints = new ArrayList<>();

    int classes, passed, failed, skipped;
    double seconds;

    public static void main(String[] args) throws Exception {
        var root = Path.of(args[0]);
        var kinds = List.of(args).subList(1, args.length);
        var reports = reports(root);
        // How often each class of tests ran, on each kind: MODULE/CLASS → KIND → number of tests.
        var ran = new TreeMap<String, Map<String, Integer>>();
        var all = new Count();
        var format = "%-10s %-8s %8s %8s %8s %8s %10s%n";
        System.out.printf(format, "fibers", "runner", "classes", "passed", "failed", "skipped", "seconds");
        for (String kind : kinds) {
            for (String runner : List.of("JUnit", "Kotest")) {
                var count = new Count();
                for (Path report : reports) {
                    var folder = report.getParent();
                    if (folder.getParent().endsWith(kind)
                            && runner.equals(RUNNERS.get(folder.getFileName().toString()))) {
                        count.add(kind, report, root, ran);
                    }
                }
                if (count.passed == 0) {
                    complaints.add(kind + ": no test passed under " + runner);
                }
                System.out.printf(
                        format, kind, runner, count.classes, count.passed, count.failed, count.skipped,
                        Math.round(count.seconds));
                all.add(count);
            }
        }
        compare(root, kinds, ran);
        complaints.forEach(System.out::println);
        System.out.println();
        System.out.printf("tests: %d passed, %d failed, %d skipped%n", all.passed, all.failed, all.skipped);
        System.exit(all.failed > 0 || !complaints.isEmpty() ? 1 : 0);
    }

    static List<Path> reports(Path root) throws IOException {
        var reports = new ArrayList<Path>();
        for (Path module : modules(root)) {
            var folder = module.resolve("target/surefire-reports");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                            .sorted()
                            .forEach(reports::add);
                }
            }
        }
        return reports;
    }

    static List<Path> modules(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
        }
    }

    void add(String kind, Path report, Path root, Map<String, Map<String, Integer>> ran) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        int tests = number(suite, "tests");
        if (tests == 0) {
            // Kotest names a spec that its tags keep out.
            return;
        }
        int bad = number(suite, "failures") + number(suite, "errors");
        int left = number(suite, "skipped");
        classes++;
        passed += tests - bad - left;
        failed += bad;
        skipped += left;
        seconds += Double.parseDouble(suite.getAttribute("time"));
        String expected = property(suite, "asyncio.fiber.expected");
        if (!kind.equals(expected)) {
            complaints.add(report + ": expected fibers of the kind " + expected);
        }
        String jdk = property(suite, "java.specification.version");
        if (kind.equals("platform") != Integer.parseInt(jdk) < 21) {
            complaints.add(report + ": ran on JDK " + jdk);
        }
        // From the report up: runner, kind, surefire-reports, target, module.
        var module = root.relativize(
                report.getParent().getParent().getParent().getParent().getParent());
        ran.computeIfAbsent(module + "/" + suite.getAttribute("name"), name -> new TreeMap<>())
                .merge(kind, tests, Integer::sum);
    }

    /** What ran on some kinds only, and whether that is as its tags say. */
    static void compare(Path root, List<String> kinds, Map<String, Map<String, Integer>> ran) throws IOException {
        var once = tagged(root);
        int classes = 0, tests = 0;
        for (var entry : ran.entrySet()) {
            var name = entry.getKey();
            var on = entry.getValue();
            if (once.remove(name)) {
                classes++;
                tests += on.getOrDefault(kinds.get(0), 0);
                if (!on.keySet().equals(new TreeSet<>(kinds.subList(0, 1)))) {
                    complaints.add(name + ", which has the tag once, ran on " + on.keySet());
                }
            } else if (hasSource(root, name) && !on.keySet().equals(new TreeSet<>(kinds))) {
                complaints.add(name + " ran on " + on.keySet() + " only, and does not have the tag once");
            }
        }
        once.forEach(name -> complaints.add(name + ", which has the tag once, did not run"));
        System.out.printf("%nonly on %s, by the tag once: %d tests in %d classes%n", kinds.get(0), tests, classes);
        ran.forEach((name, on) -> {
            if (on.keySet().containsAll(kinds) && new TreeSet<>(on.values()).size() > 1) {
                System.out.println("not as many tests on each kind: " + name + " " + on);
            }
        });
    }

    /** Whether it is the module's own: consumers/kotlinx runs specs of another module, which runs them on all kinds. */
    static boolean hasSource(Path root, String name) {
        int slash = name.lastIndexOf('/');
        var file = name.substring(slash + 1).replace('.', '/');
        var sources = root.resolve(name.substring(0, slash)).resolve("src/test");
        return Files.exists(sources.resolve("kotlin/" + file + ".kt"))
                || Files.exists(sources.resolve("java/" + file + ".java"));
    }

    /** MODULE/CLASS of all classes with the tag. */
    static TreeSet<String> tagged(Path root) throws IOException {
        var tagged = new TreeSet<String>();
        for (Path module : modules(root)) {
            for (var language : List.of("java", "kotlin")) {
                var sources = module.resolve("src/test").resolve(language);
                if (!Files.isDirectory(sources)) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        if (ONCE.matcher(Files.readString(file)).find()) {
                            var name = sources.relativize(file).toString().replaceFirst("\\.\\w+$", "");
                            tagged.add(root.relativize(module) + "/" + name.replaceAll("[/\\\\]", "."));
                        }
                    }
                }
            }
        }
        return tagged;
    }

    void add(Count other) {
        passed += other.passed;
        failed += other.failed;
        skipped += other.skipped;
    }

    static int number(Element suite, String name) {
        String value = suite.getAttribute(name);
        return value.isEmpty() ? 0 : Integer.parseInt(value);
    }

    static String property(Element suite, String name) {
        var properties = suite.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            var property = (Element) properties.item(i);
            if (property.getAttribute("name").equals(name)) {
                return property.getAttribute("value");
            }
        }
        return "";
    }
}
