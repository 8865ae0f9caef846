package dev.psat.sample;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.X509Svid;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells callers who they are according to their X.509-SVID. Without TLS, callers are
 * unknown.
 */
@RestController
class CallerController {

	@GetMapping("/caller")
	ResponseEntity<Caller> caller(@RequestAttribute(name = "jakarta.servlet.request.X509Certificate",
			required = false) X509Certificate @Nullable [] chain) {
		return (chain != null) ? ResponseEntity.ok(Caller.of(X509Svid.of(List.of(chain), null)))
				: ResponseEntity.status(HttpStatus.FORBIDDEN).build();
	}

	record Caller(String id, String serialNumber) {

		Caller {
			Objects.requireNonNull(id, "The answer has no 'id'");
			Objects.requireNonNull(serialNumber, "The answer has no 'serialNumber'");
		}

		private static Caller of(X509Svid svid) {
			return new Caller(svid.spiffeId().toString(), svid.serialNumber().toString());
		}

	}

}
