package dev.psat.spire.security;

import java.security.Principal;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells callers who they are.
 */
@RestController
class Callers {

	@GetMapping("/caller")
	String caller(Principal caller) {
		return caller.getName();
	}

}
