import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes a jar's classes anew, in place, where their format is older than Java 6: such ones have no stack maps, so the JVM can't verify them ahead
 * of time, and leaves them out of its AOT cache ({@code InstanceKlass::can_be_verified_at_dumptime} in OpenJDK 25). picocli's are from Java 5, and
 * were a third of the time that {@code lab --version} took. The code stays as it is. {@code java CacheableClasses.java JAR}
 */
final class CacheableClasses {
    /** The first format whose classes must have stack maps, of Java 7, is 51. */
    private static final int NEW_ENOUGH = ClassFile.JAVA_7_VERSION;

    private CacheableClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path written = jar.resolveSibling(jar.getFileName() + ".new");
        boolean changed;
        try (ZipFile old = new ZipFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            changed = write(old, classFile(classes), written);
        }
        if (changed) {
            Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(written); // an untouched jar needs no new cache
        }
    }

    private static ClassFile classFile(ClassLoader classes) {
        return ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
    }

    /** The same bytes from the same jar, whenever it is done: a release is built twice and compared. */
    private static boolean write(ZipFile old, ClassFile classFile, Path written) throws IOException {
        boolean changed = false;
        try (OutputStream file = Files.newOutputStream(written);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (ZipEntry entry : old.stream().toList()) {
                byte[] content = old.getInputStream(entry).readAllBytes();
                if (isOld(entry, content, classFile)) {
                    content = renewed(classFile, classFile.parse(content));
                    changed = true;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                zip.putNextEntry(copy);
                zip.write(content);
                zip.closeEntry();
            }
        }
        return changed;
    }

    private static boolean isOld(ZipEntry entry, byte[] content, ClassFile classFile) {
        return entry.getName().endsWith(".class") && classFile.parse(content).majorVersion() < NEW_ENOUGH;
    }

    /** Each instruction is built anew: code that is copied as a whole gets no maps. */
    private static byte[] renewed(ClassFile classFile, ClassModel old) {
        return classFile.transformClass(
                old,
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen(ClassTransform.dropping(element -> element instanceof ClassFileVersion))
                        .andThen(ClassTransform.endHandler(renewed -> renewed.withVersion(NEW_ENOUGH, 0))));
    }
}
