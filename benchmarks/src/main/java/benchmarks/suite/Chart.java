package benchmarks.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The figures as bars: a panel for each row, on a logarithmic scale, because they lie up to a thousand times apart. */
final class Chart {
    private static final int WIDTH = 1060;
    private static final int MARGIN = 24;
    private static final int GAP = 36;
    private static final int PANEL = (WIDTH - 2 * MARGIN - GAP) / 2;
    private static final int LABEL = 176;
    private static final int VALUE = 74;
    private static final int BARS = PANEL - LABEL - VALUE;
    private static final int BAR = 15;
    private static final int STEP = 20;
    private static final int HEAD = 108;
    private static final int TITLE = 28;
    private static final int AXIS = 22;

    private static final String INK = "#1f2933";
    private static final String SOFT = "#6b7785";
    private static final String GRID = "#e3e8ee";
    private static final String JAVA = "#1668c7";
    private static final String OTHER_CARRIERS = "#8ebcec";
    private static final String KOTLIN = "#7f52ff";
    private static final String JVM = "#a3adb9";
    private static final String PYTHON = "#eab53c";

    private final Set<Row> rows;
    private final String title;
    private final Figures figures;
    private final Map<String, String> machine;
    private final StringBuilder out = new StringBuilder();

    Chart(Set<Row> rows, String title, Figures figures, Map<String, String> machine) {
        this.rows = rows;
        this.title = title;
        this.figures = figures;
        this.machine = machine;
    }

    String svg() {
        var rows = this.rows.stream()
                .filter(row -> row != Row.ASLEEP && !peers(row).isEmpty())
                .toList();
        int y = HEAD;
        for (int i = 0; i < rows.size(); i += 2) {
            panel(rows.get(i), MARGIN, y);
            int height = height(rows.get(i));
            if (i + 1 < rows.size()) {
                panel(rows.get(i + 1), MARGIN + PANEL + GAP, y);
                height = Math.max(height, height(rows.get(i + 1)));
            }
            y += height;
        }
        var body = out.toString();
        out.setLength(0);
        out.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
                font-family="'Segoe UI', 'Helvetica Neue', Arial, sans-serif" font-size="12">
                <rect width="100%%" height="100%%" rx="8" fill="#ffffff"/>
                """.formatted(WIDTH, y + 8, WIDTH, y + 8));
        text(
                MARGIN,
                34,
                "start",
                INK,
                "font-size=\"19\" font-weight=\"600\"",
                title + " beside its peers: shorter is better");
        text(MARGIN, 56, "start", SOFT, "", "Logarithmic scale. " + about());
        legend();
        out.append(body).append("</svg>\n");
        return out.toString();
    }

    private String about() {
        var words = new ArrayList<String>();
        words.add("JDK " + machine.get("JDK"));
        words.add("Vert.x " + machine.get("Vert.x"));
        if (rows.stream().anyMatch(Row::http)) {
            words.add("OkHttp " + machine.get("OkHttp"));
            if (machine.containsKey("aiohttp")) {
                words.add("aiohttp " + machine.get("aiohttp"));
            }
        } else if (machine.containsKey("CPython")) {
            words.add("CPython " + machine.get("CPython"));
        }
        return String.join(", ", words) + ", " + machine.get("cores") + " cores";
    }

    private void legend() {
        var python = rows.stream().anyMatch(Row::http) ? "aiohttp" : "CPython";
        var names = List.of("asyncio4j, Java", "its other carriers", "asyncio4j, Kotlin", "others on the JVM", python);
        var colours = List.of(JAVA, OTHER_CARRIERS, KOTLIN, JVM, PYTHON);
        int x = MARGIN;
        for (int i = 0; i < names.size(); i++) {
            rectangle(x, 70, 11, 11, 2, colours.get(i));
            text(x + 16, 80, "start", INK, "", names.get(i));
            x += 34 + Math.round(names.get(i).length() * 6f);
        }
    }

    private List<Peer> peers(Row row) {
        return figures.of(row).entrySet().stream()
                .filter(entry -> entry.getValue().measured())
                .map(Map.Entry::getKey)
                .toList();
    }

    private int height(Row row) {
        return TITLE + peers(row).size() * STEP + AXIS + 18;
    }

    private void panel(Row row, int left, int top) {
        var peers = peers(row);
        double low = Double.MAX_VALUE;
        double high = 0;
        for (var peer : peers) {
            low = Math.min(low, figures.get(row, peer).best());
            high = Math.max(high, figures.get(row, peer).best());
        }
        // Half a decade more on the left, so that the shortest bar is one.
        double from = Math.log10(low) - 0.5;
        double to = Math.log10(high) + 0.02;
        int zero = left + LABEL;
        int bottom = top + TITLE + peers.size() * STEP;

        text(left, top + 14, "start", INK, "font-size=\"13\" font-weight=\"600\"", row.label + ", " + row.unit.label);
        for (int decade = (int) Math.ceil(from); decade <= to; decade++) {
            for (int digit : to - from < 2 ? new int[] {1, 2, 5} : new int[] {1}) {
                double at = decade + Math.log10(digit);
                if (at <= to) {
                    tick(
                            zero + BARS * (at - from) / (to - from),
                            top + TITLE - 4,
                            bottom,
                            digit * Math.pow(10, decade));
                }
            }
        }
        int y = top + TITLE;
        for (var peer : peers) {
            double value = figures.get(row, peer).best();
            double length = BARS * (Math.log10(value) - from) / (to - from);
            var weight = peer == Peer.JAVA || peer == Peer.KOTLIN ? "font-weight=\"600\"" : "";
            text(zero - 8, y + 12, "end", INK, weight, label(row, peer));
            rectangle(zero, y, length, BAR, 2, colour(peer));
            text(
                    zero + length + 6,
                    y + 12,
                    "start",
                    INK,
                    weight,
                    row.unit.format(value).replace(" " + row.unit.label, ""));
            y += STEP;
        }
    }

    private static String label(Row row, Peer peer) {
        return switch (peer) {
            case JAVA_VIRTUAL -> "Java, without the flag";
            case JAVA_PLATFORM -> "Java, platform threads";
            default -> peer.label(row);
        };
    }

    private static String colour(Peer peer) {
        return switch (peer) {
            case JAVA -> JAVA;
            case JAVA_VIRTUAL, JAVA_PLATFORM -> OTHER_CARRIERS;
            case KOTLIN -> KOTLIN;
            default -> peer.python() ? PYTHON : JVM;
        };
    }

    private void tick(double x, int top, int bottom, double value) {
        out.append("<path d=\"M%s %dV%d\" stroke=\"%s\"/>\n".formatted(number(x), top, bottom, GRID));
        var label = value >= 1 ? "%,.0f".formatted(value) : number(value);
        text(x, bottom + 13, "middle", SOFT, "font-size=\"10\"", label);
    }

    private void rectangle(double x, double y, double width, double height, int radius, String colour) {
        out.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%d\" fill=\"%s\"/>\n"
                .formatted(number(x), number(y), number(width), number(height), radius, colour));
    }

    private void text(double x, double y, String anchor, String colour, String style, String text) {
        var escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>\n"
                .formatted(number(x), number(y), anchor, colour, style, escaped));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }
}
