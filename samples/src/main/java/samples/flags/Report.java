package samples.flags;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the user sees: a line for each way, the flags that did not arrive, and at the end how many of each kind. */
final class Report {
    private static final String ROW = "%-18s  %5s  %9s  %8s  %12s  %12s%n";

    private final PrintWriter out;
    private final Map<Failure.Kind, Integer> failures = new EnumMap<>(Failure.Kind.class);
    private long oneAfterAnother;
    private int total;

    Report(PrintWriter out) {
        this.out = out;
    }

    void head(String text) {
        line("%s%n%n", text);
        line(ROW, "", "flags", "bytes", "time", "slowest flag", "times faster");
    }

    /** Adds the line of a way, and below it what it could not get. */
    void add(Way way, String title, List<Download> downloads, long nanos) {
        if (way instanceof Sequential) {
            oneAfterAnother = nanos;
        }
        line(
                ROW,
                title,
                downloads.stream().filter(Download::succeeded).count(),
                String.format(
                        Locale.ROOT,
                        "%,d",
                        downloads.stream().mapToLong(Download::bytes).sum()),
                seconds(nanos),
                seconds(downloads.stream().mapToLong(Download::nanos).max().orElse(0)),
                oneAfterAnother == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (double) oneAfterAnother / nanos));
        for (var download : downloads) {
            if (!download.succeeded()) {
                failures.merge(download.failure().kind(), 1, Integer::sum);
                line("    %s: %s%n", download.country(), download.failure());
            }
        }
        total += downloads.size();
    }

    /**
     * Says where the flags are, and what failed.
     *
     * @return whether every flag arrived
     */
    boolean finish(Path folder) {
        var failed = failures.values().stream().mapToInt(Integer::intValue).sum();
        if (failed < total) {
            line("%nSaved below %s%n", folder);
        }
        if (failed > 0) {
            var kinds = failures.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey().label)
                    .collect(Collectors.joining(", "));
            line("%n%d of %d failed: %s%n", failed, total, kinds);
        }
        return failed == 0;
    }

    private void line(String format, Object... arguments) {
        out.printf(Locale.ROOT, format, arguments);
        out.flush();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
