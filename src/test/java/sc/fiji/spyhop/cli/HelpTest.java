package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import sc.fiji.spyhop.command.SaliencyMapCommand;

/** What every command's help owes to who reads it. */
class HelpTest {

  /** Every command and subcommand, by the words that call it. */
  private static List<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    Spyhop.COMMANDS.forEach(name -> collect(List.of(), Spyhop.command(name), all));
    return all;
  }

  private static void collect(List<String> before, CommandLine command, List<List<String>> all) {
    List<String> words = new ArrayList<>(before);
    words.add(command.getCommandName());
    all.add(List.copyOf(words));
    command.getSubcommands().values().forEach(sub -> collect(words, sub, all));
  }

  private static String help(List<String> words) {
    List<Object> line = new ArrayList<>(words);
    line.add("--help");
    Shell said = Shell.run(line.toArray());
    assertEquals(0, said.code(), said::toString);
    return said.out();
  }

  /** Lists of commands show the first line alone. */
  @Test
  void helpIsAskedForInTwoWays() {
    assertEquals(Shell.run("--help").out(), Shell.run("help").out());
    assertEquals(
        Shell.run("train", "segment", "--help").out(), Shell.run("help", "train", "segment").out());
  }

  @TestFactory
  Stream<DynamicTest> theFirstLineOfEveryDescriptionIsASentence() {
    return commands().stream()
        .map(
            words ->
                DynamicTest.dynamicTest(
                    String.join(" ", words),
                    () -> {
                      CommandLine command = find(words);
                      String first = command.getCommandSpec().usageMessage().description()[0];
                      assertTrue(first.matches("[A-Z].*\\."), first);
                      assertTrue(first.length() <= 90, first);
                    }));
  }

  @Test
  void methodsOfExplanationsHaveSentencesOfTheirOwn() {
    List<String> methods = SaliencyMapCommand.methods();
    Set<String> sentences = new HashSet<>();
    for (String method : methods) {
      CommandLine command = find(List.of("explain", method));
      sentences.add(command.getCommandSpec().usageMessage().description()[0]);
    }
    assertEquals(methods.size(), sentences.size(), sentences.toString());
  }

  private static CommandLine find(List<String> words) {
    CommandLine command = Spyhop.command(words.get(0));
    for (String word : words.subList(1, words.size())) {
      command = command.getSubcommands().get(word);
    }
    return command;
  }

  @TestFactory
  Stream<DynamicTest> anExampleIsOfTheCommand() {
    Pattern example = Pattern.compile("(?m)^  spyhop (.*)$");
    return commands().stream()
        .map(
            words ->
                DynamicTest.dynamicTest(
                    String.join(" ", words),
                    () -> {
                      String help = help(words);
                      String own = String.join(" ", words);
                      List<String> shown =
                          example.matcher(help).results().map(r -> r.group(1)).toList();
                      assertTrue(shown.stream().anyMatch(e -> e.startsWith(own)), help);
                      assertFalse(help.contains("null"), help);
                    }));
  }
}
