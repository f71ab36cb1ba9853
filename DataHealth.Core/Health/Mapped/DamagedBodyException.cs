namespace DataHealth.Core.Health.Mapped;

/// <summary>What is kept of a client's books is damaged or gone: whoever meets this reads the rows. Of a type of its own, so that damage of anything else is not taken for it.</summary>
internal sealed class DamagedBodyException(string message, Exception? inner = null) : Exception(message, inner);
