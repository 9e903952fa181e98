package samples.http;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What the user sees: a line for each URL, and one for all of them. */
final class Table {
    private static final String ROW = "%6s  %12s  %8s  %s%n";

    private final PrintWriter out;

    Table(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints it.
     *
     * @return whether all succeeded
     */
    boolean print(List<Fetched> all, long nanos) {
        line(ROW, "status", "bytes", "time", "URL");
        for (var one : all) {
            line(
                    ROW,
                    one.status() == 0 ? "-" : one.status(),
                    String.format(Locale.ROOT, "%,d", one.bytes()),
                    seconds(one.nanos()),
                    one.url());
            if (!one.problem().isEmpty()) {
                line("        %s%n", one.problem());
            }
        }
        long failed = all.stream().filter(one -> !one.succeeded()).count();
        line(
                "%n%d URL%s in %s%s%n",
                all.size(), all.size() == 1 ? "" : "s", seconds(nanos), failed == 0 ? "" : ", " + failed + " failed");
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
