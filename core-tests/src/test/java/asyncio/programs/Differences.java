package asyncio.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Where two traces part, and the smallest program where they do. */
final class Differences {
    /** What may be replaced by what it holds. */
    private static final Set<String> UNWRAPPED =
            Set.of("lock", "sem", "timeout", "try", "cond", "tm", "exit", "gwith", "tlate", "again", "manager");

    private Differences() {}

    /** Both traces up to the first line that differs, or null if there is none. */
    static String between(String nameOfA, List<String> a, String nameOfB, List<String> b) {
        int length = Math.max(a.size(), b.size());
        int at = IntStream.range(0, length)
                .filter(i -> i >= a.size() || i >= b.size() || !a.get(i).equals(b.get(i)))
                .findFirst()
                .orElse(-1);
        if (at < 0) {
            return null;
        }
        var text = new StringBuilder();
        for (int i = Math.max(0, at - 12); i < at; i++) {
            text.append("\n    ").append(a.get(i));
        }
        for (int i = at; i < Math.min(at + 4, length); i++) {
            text.append("\n  ")
                    .append(i < a.size() ? a.get(i) : "-")
                    .append("    (")
                    .append(nameOfA)
                    .append(")");
            text.append("\n  ")
                    .append(i < b.size() ? b.get(i) : "-")
                    .append("    (")
                    .append(nameOfB)
                    .append(")");
        }
        return text.toString();
    }

    /** Takes statements away as long as the program still is as wanted. */
    static List<Statement> shrink(List<Statement> program, Predicate<List<Statement>> isWanted) {
        var smallest = program;
        boolean again = true;
        while (again) {
            again = false;
            for (var candidate : smaller(smallest)) {
                var renumbered = Statement.parse(Statement.textOf(candidate));
                if (isWanted.test(renumbered)) {
                    smallest = renumbered;
                    again = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /** All programs with one statement less, or with one replaced by what it holds. */
    private static List<List<Statement>> smaller(List<Statement> block) {
        var result = new ArrayList<List<Statement>>();
        for (int i = 0; i < block.size(); i++) {
            var statement = block.get(i);
            if (!statement.op().equals("old")
                            && !statement.op().equals("new")
                            && !statement.op().equals("made")
                    || block.size() > 1) {
                result.add(with(block, i, List.of()));
            }
        }
        for (int i = 0; i < block.size(); i++) {
            var statement = block.get(i);
            for (int argument = 0; argument < statement.args().size(); argument++) {
                if (statement.args().get(argument) instanceof List<?>) {
                    if (UNWRAPPED.contains(statement.op())) {
                        result.add(with(block, i, statement.block(argument)));
                    }
                    for (var inner : smaller(statement.block(argument))) {
                        var args = new ArrayList<>(statement.args());
                        args.set(argument, inner);
                        result.add(with(block, i, List.of(new Statement(0, statement.op(), args))));
                    }
                }
            }
        }
        return result;
    }

    private static List<Statement> with(List<Statement> block, int index, List<Statement> instead) {
        var result = new ArrayList<>(block.subList(0, index));
        result.addAll(instead);
        result.addAll(block.subList(index + 1, block.size()));
        return result;
    }
}
