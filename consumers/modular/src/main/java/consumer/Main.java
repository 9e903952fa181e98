package consumer;

/** Shows that the packaged jars work as modules. */
public class Main {
    public static void main(String[] args) {
        var module = Main.class.getModule();
        if (!module.isNamed()) {
            throw new IllegalStateException("This program has to run on the module path");
        }
        System.out.println("modular consumer: ok");
    }
}
