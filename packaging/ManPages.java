import io.tcplab.cli.Manual;
import java.io.File;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes AsciiDoc for a man page of lab and of each of its commands: {@code java -cp ... ManPages.java FOLDER}. */
final class ManPages {
    private ManPages() {}

    public static void main(String[] args) throws IOException {
        CommandSpec lab = Manual.commands().getCommandSpec();
        System.exit(ManPageGenerator.generateManPage(new File(args[0]), null, new boolean[0], true, lab));
    }
}
