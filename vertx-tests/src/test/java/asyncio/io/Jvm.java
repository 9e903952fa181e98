package asyncio.io;

import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs in a JVM of their own. */
final class Jvm {
    private Jvm() {}

    /** Runs the main method of {@code program} on the same kind of fibers. */
    static Command of(Class<?> program) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Object.class.getModule().isOpen("java.lang", Jvm.class.getModule())) {
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.add(classPath());
        command.add(program.getName());
        return Command.exec(command);
    }

    /** Of the tests and what they use. */
    private static String classPath() {
        var own = System.getProperty("java.class.path");
        if (Jvm.class.getClassLoader() instanceof URLClassLoader urls) {
            var all = new StringBuilder(own);
            for (var url : urls.getURLs()) {
                all.append(File.pathSeparatorChar).append(url.getPath());
            }
            return all.toString();
        }
        return own;
    }
}
