package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

  @ParameterizedTest
  @CsvSource({"1.5,1.5", "' -2e3 ',-2000", ".5,0.5", "5.,5", "+1,1", "1E-2,0.01", "007,7"})
  void decimalsAreRead(String text, double value) {
    assertEquals(value, Decimals.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ".", "1;5", "1 5", "NaN", "Infinity", "0x1p3", "1d", "1e", "1e1000"})
  void whatIsNoDecimalIsNotANumber(String text) {
    assertEquals(Double.NaN, Decimals.parse(text));
  }

  @Test
  void longTextsAreNotReadAtAll() {
    assertEquals(1, Decimals.parse("0".repeat(63) + "1"));
    assertEquals(Double.NaN, Decimals.parse("0".repeat(64) + "1"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1,0.1",
    "100,100",
    "1234567,1234567",
    "-2.50,-2.5",
    "1e-7,0",
    "-1e-7,0",
    "1.5e-6,0.000002",
    "2.5e-6,0.000002",
    "1e20,100000000000000000000",
    "NaN,NaN",
    "-Infinity,-Infinity"
  })
  void sixDecimalsAreWritten(double value, String text) {
    assertEquals(text, Decimals.text(value));
  }

  @ParameterizedTest
  @CsvSource({
    "123456.7,123457",
    "1234567,1234570",
    "0.000123456789,0.000123457",
    "1e9,1000000000",
    "2.5,2.5",
    "-0.125,-0.125",
    "0,0"
  })
  void sixDigitsAreWritten(double value, String text) {
    assertEquals(text, Digits.six(value));
  }
}
