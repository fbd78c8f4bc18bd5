package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import sc.fiji.spyhop.util.Strings;

/** Shows the options of a command that has many under headings, one for each of its mixins. */
final class OptionGroups {

  private static final Map<String, String> HEADINGS =
      Map.of(
          "files", "Data",
          "task", "Task",
          "design", "Network",
          "learning", "Learning",
          "augment", "Augmentation",
          "about", "About the model");

  private OptionGroups() {}

  static void showIn(CommandLine commandLine) {
    commandLine.getSubcommands().values().forEach(OptionGroups::showIn);
    Map<String, CommandSpec> mixins = commandLine.getCommandSpec().mixins();
    if (mixins.keySet().stream().anyMatch(HEADINGS::containsKey)) {
      commandLine
          .getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, OptionGroups::render);
    }
  }

  private static String render(Help help) {
    Map<String, CommandSpec> mixins = help.commandSpec().mixins();
    StringBuilder text = new StringBuilder();
    List<OptionSpec> others =
        help.commandSpec().options().stream()
            .filter(
                o ->
                    mixins.entrySet().stream()
                        .filter(m -> HEADINGS.containsKey(m.getKey()))
                        .noneMatch(m -> m.getValue().findOption(o.longestName()) != null))
            .toList();
    text.append(help.optionListExcludingGroups(others));
    mixins.forEach(
        (name, mixin) -> {
          if (!HEADINGS.containsKey(name)) return;
          text.append(Strings.format("%n%s:%n", HEADINGS.get(name)));
          List<OptionSpec> options = mixin.options();
          if (mixin.userObject() instanceof LearningOptions learning) {
            options = options.stream().map(learning::withDefault).toList();
          }
          text.append(help.optionListExcludingGroups(options));
        });
    return text.toString();
  }
}
