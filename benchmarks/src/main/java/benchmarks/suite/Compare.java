package benchmarks.suite;

import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares two builds of asyncio4j in one JVM: {@code Compare OLD NEW PAIRS ROW …}, where OLD and NEW are the folders
 * of projects in which {@code benchmarks/run} has built. Each build has a class loader of its own, and the two take
 * turns. What else happens on the machine then meets both halves of a pair, so that their ratio differs less than the
 * figures of two runs do. The quartiles say by how much it still does.
 */
public final class Compare {
    private static final List<String> PEERS = List.of("OursJava", "OursKotlin");
    private static final long WARM_UP_NANOS = 6_000_000_000L;

    private Compare() {}

    /** A build and the peer of it that is measured. */
    private static final class Side implements AutoCloseable {
        private final ClassLoader loader;
        private final Object work;

        Side(ClassLoader loader, String peer) throws Exception {
            this.loader = loader;
            enter();
            work = loader.loadClass("benchmarks.work." + peer).getConstructor().newInstance();
            work.getClass().getMethod("open").invoke(work);
        }

        /** Where the library looks for its parts. */
        private void enter() {
            Thread.currentThread().setContextClassLoader(loader);
        }

        boolean has(String row) {
            return Stream.of(work.getClass().getMethods())
                    .anyMatch(method -> method.getName().equals(row) && method.getParameterCount() == 0);
        }

        /** Nanoseconds for one invocation. */
        double run(String row) throws Exception {
            enter();
            var method = work.getClass().getMethod(row);
            var start = System.nanoTime();
            try {
                method.invoke(work);
            } catch (InvocationTargetException failed) {
                throw new IllegalStateException(row + " of " + loader.getName(), failed.getCause());
            }
            return System.nanoTime() - start;
        }

        @Override
        public void close() throws Exception {
            enter();
            work.getClass().getMethod("close").invoke(work);
        }
    }

    public static void main(String[] args) throws Exception {
        var old = loader("old", Path.of(args[0]));
        var now = loader("new", Path.of(args[1]));
        var pairs = Integer.parseInt(args[2]);
        var wanted = List.of(args).subList(3, args.length);
        System.out.printf("%-12s %-20s %10s %20s%n", "peer", "row", "new : old", "quartiles");
        for (String peer : PEERS) {
            for (String row : wanted) {
                try (var before = new Side(old, peer);
                        var after = new Side(now, peer)) {
                    if (!before.has(row) || !after.has(row)) {
                        System.out.printf("%-12s %-20s not in both%n", peer, row);
                        continue;
                    }
                    var ratios = ratios(before, after, row, pairs);
                    System.out.printf(
                            "%-12s %-20s %10.3f %11.3f … %.3f%n",
                            peer, row, ratios[pairs / 2], ratios[pairs / 4], ratios[3 * pairs / 4]);
                }
            }
        }
        // What the loops share goes on.
        System.exit(0);
    }

    private static double[] ratios(Side before, Side after, String row, int pairs) throws Exception {
        var end = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < end) {
            before.run(row);
            after.run(row);
        }
        var ratios = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            // Neither of them is always the first one.
            if (i % 2 == 0) {
                var first = before.run(row);
                ratios[i] = after.run(row) / first;
            } else {
                var first = after.run(row);
                ratios[i] = first / before.run(row);
            }
        }
        Arrays.sort(ratios);
        return ratios;
    }

    private static ClassLoader loader(String name, Path project) throws Exception {
        var target = project.resolve("benchmarks/target");
        var urls = new ArrayList<URL>();
        urls.add(url(target.resolve("classes")));
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                urls.add(url(jar));
            }
        }
        return new URLClassLoader(name, urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }
}
