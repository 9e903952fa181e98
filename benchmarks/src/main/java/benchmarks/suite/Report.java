package benchmarks.suite;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table, in three shapes. */
final class Report {
    private final Figures figures;
    private final Map<String, String> machine;
    private final String rounds;
    private final boolean quick;
    private final double minutes;

    Report(Figures figures, Map<String, String> machine, String rounds, boolean quick, double minutes) {
        this.figures = figures;
        this.machine = machine;
        this.rounds = rounds;
        this.quick = quick;
        this.minutes = minutes;
    }

    String console() {
        var out = new StringBuilder("\n");
        machine.forEach((what, value) -> out.append("%-28s %s%n".formatted(what, value)));
        out.append("%-28s %s%n".formatted("method", method()));
        out.append("%n%-46s %-34s %12s %18s %9s %12s%n"
                .formatted("work", "who", "figure", "rounds", "ratio", "processor"));
        for (var row : Row.values()) {
            if (figures.of(row).isEmpty()) {
                continue;
            }
            var label = row.label;
            for (var entry : figures.of(row).entrySet()) {
                var peer = entry.getKey();
                var figure = entry.getValue();
                if (figure.measured()) {
                    out.append("%-46s %-34s %12s %18s %9s %12s%n"
                            .formatted(
                                    label,
                                    peer.label(row),
                                    row.unit.format(figure.best()),
                                    spread(row, figure),
                                    ratio(row, figure),
                                    Double.isNaN(figure.cpu()) ? "" : row.unit.format(figure.cpu())));
                    if (!figure.note.isEmpty()) {
                        out.append("%-46s    %s%n".formatted("", figure.note));
                    }
                } else {
                    out.append("%-46s %-34s %s%n".formatted(label, peer.label(row), figure.note));
                }
                label = "";
            }
            if (!Double.isNaN(figures.server(row))) {
                out.append("%-46s %-34s %53s%n".formatted("", "the server", row.unit.format(figures.server(row))));
            }
        }
        out.append("%n%-46s %-34s %-52s %12s%n".formatted("wanted of", "", "", "measured"));
        for (var wanted : wanted()) {
            var result = wanted.result(figures);
            out.append("%-46s %-34s %-52s %12s  %s%n"
                    .formatted(
                            wanted.row().label,
                            wanted.ours().label(wanted.row()),
                            wanted.text(),
                            result.measured(),
                            result.verdict()));
        }
        return out.toString();
    }

    String markdown() {
        var out = new StringBuilder();
        out.append("Time per operation, and in brackets how many times that of asyncio4j in Java it is.\n\n");
        if (measuredAny(Row.LOOP)) {
            out.append("## Loop, tasks, memory\n\n");
            table(out, Row.LOOP);
            wanted(out, Row.LOOP);
        }
        if (measuredAny(Row.FILE)) {
            out.append("## Files\n\n");
            table(out, Row.FILE);
            wanted(out, Row.FILE);
        }
        if (measuredAny(Row.HTTP)) {
            out.append("## HTTP client\n\n");
            table(out, Row.HTTP);
            out.append("The server's time is that on its processor, which is not the one of the client.\n\n");
            wanted(out, Row.HTTP);
        }
        out.append("## How it was measured\n\n").append(method()).append(".\n\n");
        machine.forEach((what, value) ->
                out.append("- ").append(what).append(": ").append(value).append('\n'));
        return out.toString();
    }

    private boolean measuredAny(Set<Row> rows) {
        return rows.stream().anyMatch(row -> !figures.of(row).isEmpty());
    }

    private void table(StringBuilder out, Set<Row> section) {
        boolean http = section.contains(Row.HTTP1);
        var peers = Arrays.stream(Peer.values())
                .filter(peer -> section.stream().anyMatch(row -> measured(row, peer)))
                .toList();
        var labels = new ArrayList<>(peers.stream()
                .map(peer -> peer.label(section.iterator().next()))
                .toList());
        if (http) {
            labels.add("the server");
        }
        line(out, "", labels);
        line(out, "---", labels.stream().map(label -> "---:").toList());
        for (var row : section) {
            if (!figures.of(row).isEmpty()) {
                var cells = new ArrayList<>(
                        peers.stream().map(peer -> cell(row, peer)).toList());
                if (http) {
                    double server = figures.server(row);
                    cells.add(Double.isNaN(server) ? "" : row.unit.format(server));
                }
                line(out, row.label, cells);
            }
        }
        out.append('\n');
    }

    private void wanted(StringBuilder out, Set<Row> section) {
        out.append("| work | who | wanted | measured | |\n| --- | --- | --- | ---: | --- |\n");
        for (var wanted : wanted()) {
            if (section.contains(wanted.row())) {
                var result = wanted.result(figures);
                out.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(
                                wanted.row().label,
                                wanted.ours().label(),
                                wanted.text(),
                                result.measured(),
                                result.verdict()));
            }
        }
        out.append('\n');
    }

    String json() {
        var rows = new JsonArray();
        for (var row : Row.values()) {
            if (figures.of(row).isEmpty()) {
                continue;
            }
            var peers = new JsonArray();
            figures.of(row).forEach((peer, figure) -> {
                var json = new JsonObject().put("who", peer.name()).put("label", peer.label(row));
                if (figure.measured()) {
                    json.put("best", figure.best()).put("rounds", new JsonArray(figure.rounds()));
                    if (!Double.isNaN(figure.cpu())) {
                        json.put("processor", figure.cpu());
                    }
                    if (measured(row, Peer.JAVA)) {
                        json.put(
                                "ratio",
                                figure.best() / figures.get(row, Peer.JAVA).best());
                    }
                }
                if (!figure.note.isEmpty()) {
                    json.put("note", figure.note);
                }
                peers.add(json);
            });
            var json = new JsonObject()
                    .put("work", row.name())
                    .put("label", row.label)
                    .put("unit", row.unit.label)
                    .put("figures", peers);
            if (!Double.isNaN(figures.server(row))) {
                json.put("server", figures.server(row));
            }
            rows.add(json);
        }
        var results = new JsonArray();
        for (var wanted : wanted()) {
            var result = wanted.result(figures);
            results.add(new JsonObject()
                    .put("work", wanted.row().name())
                    .put("who", wanted.ours().name())
                    .put("wanted", wanted.text())
                    .put("measured", result.measured())
                    .put("met", result.met()));
        }
        var about = new JsonObject();
        machine.forEach(about::put);
        return new JsonObject()
                        .put("machine", about)
                        .put("method", method())
                        .put("rows", rows)
                        .put("wanted", results)
                        .encodePrettily()
                + "\n";
    }

    private String method() {
        return "%s, each in a process of its own, measured in turn; %.1f minutes in all%s"
                .formatted(rounds, minutes, quick ? "; a quick run, too short for good figures" : "");
    }

    private List<Wanted> wanted() {
        return Wanted.ALL.stream()
                .filter(wanted -> !figures.of(wanted.row()).isEmpty())
                .toList();
    }

    private boolean measured(Row row, Peer peer) {
        var figure = figures.of(row).get(peer);
        return figure != null && figure.measured();
    }

    private String ratio(Row row, Figures.Figure figure) {
        return measured(row, Peer.JAVA)
                ? ratio(figure.best() / figures.get(row, Peer.JAVA).best())
                : "";
    }

    private static String ratio(double ratio) {
        return (ratio < 0.95 ? "%.2f ×" : "%.1f ×").formatted(ratio);
    }

    private static String spread(Row row, Figures.Figure figure) {
        if (figure.rounds().size() == 1) {
            return "";
        }
        var unit = " " + row.unit.label;
        return row.unit.format(figure.best()).replace(unit, "") + "…"
                + row.unit.format(figure.worst()).replace(unit, "");
    }

    private String cell(Row row, Peer peer) {
        if (!peer.rows.contains(row)) {
            return "";
        }
        var figure = figures.get(row, peer);
        if (!figure.measured()) {
            return figure.note;
        }
        var text = row.unit.format(figure.best());
        return peer == Peer.JAVA ? "**" + text + "**" : text + " (" + ratio(row, figure) + ")";
    }

    private static void line(StringBuilder out, String first, List<String> rest) {
        out.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", rest))
                .append(" |\n");
    }
}
