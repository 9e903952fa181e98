package benchmarks.suite;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Everything that was measured. */
final class Figures {
    private final Map<Row, Map<Peer, Figure>> figures = new EnumMap<>(Row.class);

    private final Map<Row, Double> servers = new EnumMap<>(Row.class);

    Figure get(Row row, Peer peer) {
        return figures.computeIfAbsent(row, r -> new EnumMap<>(Peer.class)).computeIfAbsent(peer, p -> new Figure());
    }

    /** What a request costs the server: microseconds of its processor. */
    void addServer(Row row, double value) {
        if (!Double.isNaN(value)) {
            servers.merge(row, value, Math::min);
        }
    }

    /** The least that was measured, whoever the client was; NaN if it was not. */
    double server(Row row) {
        return servers.getOrDefault(row, Double.NaN);
    }

    /** The peers that a row has, with those that should have been there but are not. */
    Map<Peer, Figure> of(Row row) {
        return figures.getOrDefault(row, Map.of());
    }

    /** One peer in one row: a value for each round. */
    static final class Figure {
        private final List<Double> rounds = new ArrayList<>();

        private double cpu = Double.NaN;

        /** What else is to be said; the reason if there is no value. */
        String note = "";

        void add(double value) {
            rounds.add(value);
        }

        void addCpu(double value) {
            cpu = Double.isNaN(cpu) ? value : Math.min(cpu, value);
        }

        /** Time on a processor for one operation: the least of the rounds; NaN if it was not measured. */
        double cpu() {
            return cpu;
        }

        boolean measured() {
            return !rounds.isEmpty();
        }

        List<Double> rounds() {
            return List.copyOf(rounds);
        }

        double best() {
            return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        }

        double worst() {
            return rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }
}
