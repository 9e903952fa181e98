import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Counts the tests in Surefire's reports: one folder for each carrier, in it one for each module, in that the folders
 * {@code junit} and {@code kotest}. Fails if a test failed, if a carrier has no JUnit test or no Kotest spec, or if the
 * tests did not run on the carrier that they were meant for.
 */
class Count {
    static final List<String> complaints = new ArrayList<>();

    int passed, failed, skipped;

    public static void main(String[] args) throws Exception {
        var all = new Count();
        System.out.printf("%-10s %-8s %8s %8s %8s%n", "carrier", "runner", "passed", "failed", "skipped");
        for (String carrier : List.of(args).subList(1, args.length)) {
            for (String runner : List.of("junit", "kotest")) {
                var count = new Count();
                for (Path report : reports(Path.of(args[0], carrier), runner)) {
                    count.add(carrier, report);
                }
                if (count.passed == 0) {
                    complaints.add(carrier + ": no test passed under " + runner);
                }
                System.out.printf(
                        "%-10s %-8s %8d %8d %8d%n",
                        carrier, runner.equals("junit") ? "JUnit" : "Kotest", count.passed, count.failed, count.skipped);
                all.add(count);
            }
        }
        complaints.forEach(System.out::println);
        System.out.println();
        System.out.printf("tests: %d passed, %d failed, %d skipped%n", all.passed, all.failed, all.skipped);
        System.exit(all.failed > 0 || !complaints.isEmpty() ? 1 : 0);
    }

    static List<Path> reports(Path folder, String runner) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getParent().endsWith(runner))
                    .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    void add(String carrier, Path report) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        int tests = number(suite, "tests");
        int bad = number(suite, "failures") + number(suite, "errors");
        int left = number(suite, "skipped");
        passed += tests - bad - left;
        failed += bad;
        skipped += left;
        String expected = property(suite, "asyncio.fiber.expected");
        if (!carrier.equals(expected)) {
            complaints.add(report + ": expected the carrier " + expected);
        }
        String jdk = property(suite, "java.specification.version");
        if (carrier.equals("platform") != jdk.equals("17")) {
            complaints.add(report + ": ran on JDK " + jdk);
        }
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
