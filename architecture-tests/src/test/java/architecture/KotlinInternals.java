package architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kotlin.Metadata;
import kotlin.metadata.Attributes;
import kotlin.metadata.KmConstructor;
import kotlin.metadata.KmFunction;
import kotlin.metadata.KmProperty;
import kotlin.metadata.Visibility;
import kotlin.metadata.jvm.JvmExtensionsKt;
import kotlin.metadata.jvm.JvmMemberSignature;
import kotlin.metadata.jvm.KotlinClassMetadata;

/** What Kotlin calls {@code internal} or {@code private} can be public in the class file; only the metadata tells. */
final class KotlinInternals {
    private static final Set<Visibility> HIDDEN =
            Set.of(Visibility.INTERNAL, Visibility.PRIVATE, Visibility.PRIVATE_TO_THIS, Visibility.LOCAL);

    private final Map<JavaClass, Set<String>> hiddenMembers = new HashMap<>();
    private final Map<JavaClass, Boolean> hiddenClasses = new HashMap<>();

    boolean hides(JavaClass type) {
        read(type);
        return hiddenClasses.get(type);
    }

    boolean hides(JavaMember member) {
        read(member.getOwner());
        return hiddenMembers.get(member.getOwner()).contains(member.getName() + member.getDescriptor());
    }

    private void read(JavaClass type) {
        if (hiddenClasses.containsKey(type)) {
            return;
        }
        hiddenClasses.put(type, false);
        hiddenMembers.put(type, new HashSet<>());
        if (!type.isAnnotatedWith(Metadata.class)) {
            return;
        }
        var metadata = KotlinClassMetadata.readLenient(type.reflect().getAnnotation(Metadata.class));
        if (metadata instanceof KotlinClassMetadata.Class found) {
            var kotlinClass = found.getKmClass();
            hiddenClasses.put(type, HIDDEN.contains(Attributes.getVisibility(kotlinClass)));
            for (KmConstructor constructor : kotlinClass.getConstructors()) {
                if (HIDDEN.contains(Attributes.getVisibility(constructor))) {
                    hide(type, JvmExtensionsKt.getSignature(constructor));
                }
            }
            hide(type, kotlinClass.getFunctions(), kotlinClass.getProperties());
        } else if (metadata instanceof KotlinClassMetadata.FileFacade file) {
            hide(type, file.getKmPackage().getFunctions(), file.getKmPackage().getProperties());
        } else if (metadata instanceof KotlinClassMetadata.MultiFileClassPart part) {
            hide(type, part.getKmPackage().getFunctions(), part.getKmPackage().getProperties());
        } else {
            // Lambdas and other classes that the compiler made up.
            hiddenClasses.put(type, !(metadata instanceof KotlinClassMetadata.MultiFileClassFacade));
        }
    }

    private void hide(JavaClass type, List<KmFunction> functions, List<KmProperty> properties) {
        for (KmFunction function : functions) {
            if (HIDDEN.contains(Attributes.getVisibility(function))) {
                hide(type, JvmExtensionsKt.getSignature(function));
            }
        }
        for (KmProperty property : properties) {
            if (HIDDEN.contains(Attributes.getVisibility(property))) {
                hide(type, JvmExtensionsKt.getGetterSignature(property));
                hide(type, JvmExtensionsKt.getFieldSignature(property));
            }
            var setter = property.getSetter();
            if (setter != null && HIDDEN.contains(Attributes.getVisibility(setter))) {
                hide(type, JvmExtensionsKt.getSetterSignature(property));
            }
        }
    }

    private void hide(JavaClass type, JvmMemberSignature signature) {
        if (signature != null) {
            hiddenMembers.get(type).add(signature.getName() + signature.getDescriptor());
        }
    }
}
