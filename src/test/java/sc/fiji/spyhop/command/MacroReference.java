package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.io.File;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.service.Service;
import sc.fiji.spyhop.util.Strings;

/** Makes the page on macro keys from the parameters of the commands. */
final class MacroReference {

  private static final String HEAD =
      """
      # Macro reference

      Every command of *Plugins › Spyhop* can be written as a line of a macro; the recorder (*Plugins ›
      Macros › Record...*) writes it for you. A key that is left out has its default. Put brackets
      around values with blanks: `data=[/my data/cells]`. Images go by their title; without
      `image=`, the active one is taken. Keys stay as they are from version to version.

      Keys marked *advanced* are behind the button of that name; the recorder writes them if they
      differ from their defaults. No dialog opens in a macro. A key that does not exist, a value that
      does not fit, and whatever else fails or is cancelled ends the macro with a sentence. Scripts in
      other languages get an exception. A text that `eval` or `runMacro` runs ends by itself: the macro
      that runs it goes on, so let it check what comes back. The scripts that come with Spyhop are run by
      `runMacro`, with an argument.

      This page is made from the commands themselves; `MacroReferenceTest` holds it to them.
      """;

  private MacroReference() {}

  /** The name of a command in the menu and in {@code run("...")}. */
  static String entry(CommandInfo command) {
    return command.getMenuPath().getLeaf().getName();
  }

  static String page(Context context, List<CommandInfo> commands) {
    StringBuilder page = new StringBuilder(HEAD);
    for (CommandInfo command : commands) {
      page.append(section(command, context.service(ModuleService.class).createModule(command)));
    }
    return page.toString();
  }

  private static String section(CommandInfo command, Module module) {
    StringJoiner lines = new StringJoiner("\n", "\n", "\n");
    lines.add("## " + entry(command)).add("").add(command.getDescription()).add("");
    lines.add("```").add(example(command, module)).add("```").add("");
    lines.add("| key | | default | |").add("|---|---|---|---|");
    for (ModuleItem<?> item : inputs(command)) {
      String mark = item.getVisibility() == ItemVisibility.INVISIBLE ? "; advanced" : "";
      lines.add(
          Strings.format(
              "| `%s` | %s (%s%s) | %s | %s |",
              item.getName(),
              item.getLabel(),
              kind(item),
              mark,
              shown(item, module),
              cell(item.getDescription())));
    }
    for (ModuleItem<?> item : command.outputs()) {
      lines.add("").add("Gives an image: " + cell(item.getDescription()));
    }
    return lines.toString();
  }

  private static String example(CommandInfo command, Module module) {
    String keys =
        inputs(command).stream()
            .filter(i -> i.getVisibility() != ItemVisibility.INVISIBLE)
            .filter(i -> i.getType() != ImagePlus.class)
            .map(i -> i.getName() + "=" + written(i, module))
            .collect(Collectors.joining(" "));
    return Strings.format("run(\"%s\", \"%s\");", entry(command), keys);
  }

  private static String written(ModuleItem<?> item, Module module) {
    String value = value(item, module);
    if (item.getType() == File.class && value.isEmpty()) return "[/path/to/it]";
    return value.isEmpty() || value.contains(" ") ? "[" + value + "]" : value;
  }

  private static List<ModuleItem<?>> inputs(CommandInfo command) {
    return StreamSupport.stream(command.inputs().spliterator(), false)
        .<ModuleItem<?>>map(i -> i)
        .filter(i -> !Service.class.isAssignableFrom(i.getType()))
        .filter(i -> !Context.class.isAssignableFrom(i.getType()))
        .filter(i -> i.getVisibility() != ItemVisibility.MESSAGE)
        .toList();
  }

  private static String kind(ModuleItem<?> item) {
    List<?> choices = item.getChoices();
    if (choices != null && !choices.isEmpty()) {
      return choices.stream().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
    }
    Class<?> type = item.getType();
    if (type == ImagePlus.class) return "image";
    if (type == File.class) return "path";
    if (type == boolean.class) return "`true` or `false`";
    if (type == int.class || type == long.class) return "whole number";
    if (type == double.class) return "number";
    return "text";
  }

  private static String value(ModuleItem<?> item, Module module) {
    Object value = item.getValue(module);
    if (value instanceof Double d && d == Math.rint(d)) return String.valueOf(d.longValue());
    return value == null ? "" : value.toString();
  }

  private static String shown(ModuleItem<?> item, Module module) {
    if (item.getType() == ImagePlus.class) return "active";
    String value = value(item, module);
    return value.isEmpty() ? "" : "`" + value + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
