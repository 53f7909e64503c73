import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a program's bill of materials (CycloneDX, JSON): it names each library, and each is under a licence of licences.txt, or one may choose
 * such a one. {@code java -cp LIB/* Licences.java SBOM LIB}
 *
 * <p>Corrects in the file what the plugin gets wrong. Prints how many there are of each licence; ends with 1 and what is wrong, if anything is.
 */
final class Licences {
    /** A group, and what its licence is called by mistake: the poms say "The BSD License", and only their URL says which. */
    private static final Map<String, Map<String, String>> CORRECTIONS =
            Map.of("org.jline", Map.of("BSD-4-Clause", "BSD-3-Clause"));

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Licences() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Set<String> allowed = Set.copyOf(Files.readAllLines(
                Path.of(System.getProperty("licences", "packaging/licences.txt"))));
        JsonNode bill = JSON.readTree(file);
        List<JsonNode> components = bill.path("components").valueStream().toList();
        components.forEach(Licences::correct);
        Files.writeString(file, JSON.writeValueAsString(bill) + "\n");

        Set<String> wrong = new TreeSet<>(missing(components, Path.of(args[1])));
        Map<String, Integer> counts = new TreeMap<>();
        for (JsonNode component : components) {
            Set<String> names = names(component);
            counts.merge(String.join(" or ", names), 1, Integer::sum);
            if (names.stream().noneMatch(allowed::contains)) {
                wrong.add(name(component) + ": under " + (names.isEmpty() ? "no licence" : names)
                        + ", which packaging/licences.txt doesn't have");
            }
        }
        System.out.println(components.size() + " components: " + counts);
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private static void correct(JsonNode component) {
        Map<String, String> corrections =
                CORRECTIONS.getOrDefault(component.path("group").asString(""), Map.of());
        component.path("licenses").valueStream().forEach(each -> {
            String right = corrections.get(each.path("license").path("id").asString(""));
            if (right != null) {
                ((ObjectNode) each.path("license")).put("id", right);
            }
        });
    }

    private static Set<String> names(JsonNode component) {
        return component
                .path("licenses")
                .valueStream()
                .map(each -> each.path("license"))
                .map(licence -> licence.path("id").asString(licence.path("name").asString("")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(JsonNode component) {
        return component.path("name").asString("") + "-" + component.path("version").asString("");
    }

    /** A jar's name may go on with a classifier. */
    private static List<String> missing(List<JsonNode> components, Path libraries) throws IOException {
        Set<String> named = components.stream().map(Licences::name).collect(Collectors.toSet());
        try (Stream<Path> jars = Files.list(libraries)) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> named.stream().noneMatch(name -> jar.equals(name + ".jar") || jar.startsWith(name + "-")))
                    .map(jar -> jar + ": not in the bill of materials")
                    .toList();
        }
    }
}
