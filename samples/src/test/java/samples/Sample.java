package samples;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A sample run in this JVM, with what it printed. */
public record Sample(int exitCode, String out, String err) {

    /** Runs it as {@code samples/run} would. */
    public static Sample run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Sample(exitCode, out.toString(), err.toString());
    }
}
