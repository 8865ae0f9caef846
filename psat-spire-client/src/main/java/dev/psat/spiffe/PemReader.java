package dev.psat.spiffe;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates in PEM (RFC 7468). Like SPIRE, it ignores text outside of blocks,
 * and rejects blocks of another type.
 */
final class PemReader {

	private static final String BEGIN = "-----BEGIN ";

	private static final String END = "-----END ";

	private static final String CERTIFICATE = "CERTIFICATE-----";

	private final List<byte[]> certificates = new ArrayList<>();

	private @Nullable StringBuilder block;

	private PemReader() {
	}

	static List<byte[]> certificates(String pem) {
		PemReader reader = new PemReader();
		pem.lines().map(String::strip).forEach(reader::read);
		if (reader.block != null) {
			throw new IllegalArgumentException("a PEM block has no end");
		}
		return reader.certificates;
	}

	private void read(String line) {
		if (this.block == null) {
			if (line.startsWith(BEGIN)) {
				requireCertificate(line.substring(BEGIN.length()));
				this.block = new StringBuilder();
			}
			else if (line.startsWith(END)) {
				throw new IllegalArgumentException("a PEM block has no beginning");
			}
		}
		else if (line.startsWith(END)) {
			requireCertificate(line.substring(END.length()));
			this.certificates.add(decode(this.block.toString()));
			this.block = null;
		}
		else {
			this.block.append(line);
		}
	}

	private static void requireCertificate(String label) {
		if (!label.equals(CERTIFICATE)) {
			throw new IllegalArgumentException(
					"a PEM block is not a CERTIFICATE but " + Quoted.text(label.replace("-----", "")));
		}
	}

	private static byte[] decode(String block) {
		try {
			return Base64.getDecoder().decode(block);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("a PEM block is not base64", ex);
		}
	}

}
