package orders;

import dev.psat.spire.SpireIdentity;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application of somebody who has read README and no more.
 */
@SpringBootApplication
@RestController
public class OrdersApplication {

	private final SpireIdentity identity;

	OrdersApplication(SpireIdentity identity) {
		this.identity = identity;
	}

	public static void main(String[] args) {
		SpringApplication.run(OrdersApplication.class, args);
	}

	@GetMapping("/whoami")
	String whoAmI() {
		return this.identity.x509Svid().spiffeId().toString();
	}

}
