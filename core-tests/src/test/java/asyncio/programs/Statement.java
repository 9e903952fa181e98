package asyncio.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/**
 * A statement of a random program: an operation, and arguments that are numbers or lists of statements. It is written
 * as {@code (operation argument …)}; its number is its place in the program.
 */
record Statement(int number, String op, List<Object> args) {
    int number(int index) {
        return (Integer) args.get(index);
    }

    @SuppressWarnings("unchecked")
    List<Statement> block(int index) {
        return (List<Statement>) args.get(index);
    }

    @Override
    public String toString() {
        return "(" + op + args.stream().map(it -> " " + textOf(it)).collect(Collectors.joining()) + ")";
    }

    static String textOf(Object argument) {
        return argument instanceof List<?> block
                ? block.stream().map(Object::toString).collect(Collectors.joining(" ", "(", ")"))
                : argument.toString();
    }

    /** Reads a program, which is a list of statements. */
    @SuppressWarnings("unchecked")
    static List<Statement> parse(String text) {
        return (List<Statement>) (Object) new Parser(text).block();
    }

    private static final class Parser {
        private final List<String> tokens = new ArrayList<>();
        private int place = 1;
        private int count;

        Parser(String text) {
            for (var it = new StringTokenizer(text, "() ", true); it.hasMoreTokens(); ) {
                var token = it.nextToken();
                if (!token.equals(" ")) {
                    tokens.add(token);
                }
            }
        }

        List<Object> block() {
            var items = new ArrayList<Object>();
            while (!tokens.get(place).equals(")")) {
                var token = tokens.get(place++);
                if (!token.equals("(")) {
                    items.add(Integer.valueOf(token));
                    continue;
                }
                if (tokens.get(place).equals("(") || tokens.get(place).equals(")")) {
                    items.add(block());
                } else {
                    int number = count++;
                    var op = tokens.get(place++);
                    items.add(new Statement(number, op, block()));
                }
                place++;
            }
            return items;
        }
    }
}
