package dev.psat.products;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

import dev.psat.tlstests.TlsWorld;

/**
 * The SSL bundle {@code corporate} of the recipes: the authority of the web of a world.
 */
public final class CorporateAuthority {

	private CorporateAuthority() {
	}

	/**
	 * Return the property that tells where its certificate is.
	 * @param world the world, in whose directory the file is
	 * @return the property
	 */
	public static String property(TlsWorld world) {
		return "spring.ssl.bundle.pem.corporate.truststore.certificate=" + file(world);
	}

	private static Path file(TlsWorld world) {
		Path file = world.directory().resolve("corporate.pem");
		try {
			Files.writeString(file, """
					-----BEGIN CERTIFICATE-----
					%s
					-----END CERTIFICATE-----
					""".formatted(
					Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(world.web().root().getEncoded())));
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return file;
	}

}
