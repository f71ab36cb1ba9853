namespace DataHealth.Functions.Http.Access;

/// <summary>An HTTP function that anyone may call; every other one needs a signed-in member.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenToAllAttribute : Attribute;

/// <summary>An HTTP function for whoever is signed in, also when no practice knows them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForAnyPersonAttribute : Attribute;
