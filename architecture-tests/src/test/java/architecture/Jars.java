package architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The classes of the library, and which jar each of them is in. */
final class Jars {
    static final JavaClasses ALL = new ClassFileImporter().importPackages("asyncio");

    static final DescribedPredicate<JavaClass> API = classesOf("api-java", "asyncio4j-api");
    static final DescribedPredicate<JavaClass> KOTLIN = classesOf("impl-kotlin", "asyncio4j-kotlin");
    static final DescribedPredicate<JavaClass> VERTX = classesOf("vertx-bridge", "asyncio4j-vertx");
    static final DescribedPredicate<JavaClass> HTTP = classesOf("http-client", "asyncio4j-http");
    static final DescribedPredicate<JavaClass> OPENTELEMETRY = classesOf("opentelemetry", "asyncio4j-opentelemetry");
    static final DescribedPredicate<JavaClass> MICROMETER = classesOf("micrometer", "asyncio4j-micrometer");
    static final DescribedPredicate<JavaClass> TESTING = classesOf("testing", "asyncio4j-testing");

    private Jars() {}

    /** The jar, or the folder of classes, that holds this class. */
    static String of(JavaClass type) {
        var uri = type.getSource().orElseThrow().getUri().toString();
        return uri.substring(0, uri.length() - (type.getName() + ".class").length());
    }

    /** The jar, or the folder of classes, that a module is in. */
    static Path placeOf(DescribedPredicate<JavaClass> module) {
        var places = ALL.stream().filter(module).map(Jars::of).distinct().toList();
        if (places.size() != 1) {
            throw new AssertionError("The classes " + module.getDescription() + " are in " + places);
        }
        return Path.of(URI.create(places.get(0).replaceFirst("^jar:", "").replaceFirst("!/$", "")));
    }

    private static DescribedPredicate<JavaClass> classesOf(String folder, String artifact) {
        var place = Pattern.compile("/(" + folder + "/target/classes|" + artifact + "-\\d[^/]*\\.jar!)/$");
        return DescribedPredicate.describe(
                "in " + folder,
                type -> type.getSource().isPresent() && place.matcher(of(type)).find());
    }
}
