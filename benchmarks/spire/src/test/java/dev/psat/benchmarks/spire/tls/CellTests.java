package dev.psat.benchmarks.spire.tls;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Cell}.
 */
class CellTests {

	@ParameterizedTest
	@CsvSource({ "false,SVID,1000,true", "false,SVID,976,true", "false,SVID,1024,true", "false,SVID,970,false",
			"false,PEM,1000,true", "false,PEM,0,false", "false,PEM_RESUMING,4,true", "false,PEM_RESUMING,1000,false",
			"true,SVID,4,true", "true,SVID,1000,false", "true,PEM,0,true" })
	void fitsIfHandshakesAreOfTheKindThatIsMeasured(boolean kept, Bundle bundle, long handshakesOfThousandCalls,
			boolean fits) {
		Cell cell = new Cell(WebServer.TOMCAT, HttpLibrary.JDK, kept, bundle);
		assertThat(cell.fits(new Throughput(1, 1000, handshakesOfThousandCalls, 1, 1))).isEqualTo(fits);
	}

}
