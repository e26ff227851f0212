"""Tables of characters: what symbol macros, sub- and superscripts and mathematical alphabets are in Unicode. Data and look-ups only."""

from typing import Final


def _table(words: str) -> dict[str, str]:
    parts = words.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


GREEK: Final = _table("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ lambda λ mu μ upmu μ
    nu ν
    xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
""")

RELATIONS: Final = _table("""
    leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lt < gt > equiv ≡ sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ asymp ≍
    doteq ≐
    lesssim ≲ gtrsim ≳ prec ≺ succ ≻ preceq ⪯ succeq ⪰ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ sqsubseteq ⊑ sqsupseteq ⊒
    in ∈ ni ∋ notin ∉ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ coloneqq ≔ triangleq ≜ trianglelefteq ⊴
    to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ leftrightarrow ↔ longleftrightarrow ⟷ Rightarrow ⇒ Leftarrow ⇐
    Leftrightarrow ⇔ Longrightarrow ⟹ Longleftrightarrow ⟺ implies ⟹ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ rightleftharpoons ⇌
    twoheadrightarrow ↠ rightsquigarrow ⇝ leadsto ⇝ nrightarrow ↛
""")

SIGNS: Final = _table("""
    times × div ÷ pm ± mp ∓ cdot · bullet • ast ∗ star ⋆ circ ∘ degree ° deg ° textdegree ° oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ boxtimes ⊠
    boxplus ⊞ cup ∪ cap ∩ sqcup ⊔ sqcap ⊓ uplus ⊎ setminus ∖ backslash ∖ wedge ∧ land ∧ vee ∨ lor ∨ neg ¬ lnot ¬ amalg ⨿ ltimes ⋉
    rtimes ⋊ wr ≀
    forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ imath ı jmath ȷ
    top ⊤ bot ⊥ angle ∠ triangle △ square □ Box □ blacksquare ■ diamond ⋄ Diamond ◇ lozenge ◊ bigcirc ◯ clubsuit ♣ spadesuit ♠ heartsuit ♥
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigwedge ⋀ bigvee ⋁ surd √ prime ′
    uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ nwarrow ↖ swarrow ↙ circlearrowright ↻ circlearrowleft ↺
    langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrace { rbrace } lbrack [ rbrack ] lparen ( rparen ) vert | lvert | rvert |
    Vert ‖ lVert ‖ rVert ‖ ldots … dots … dotsc … cdots ⋯ vdots ⋮ ddots ⋱ dag † dagger † ddag ‡ ddagger ‡ checkmark ✓ therefore ∴ because ∵
    copyright © textcopyright © circledR ® textregistered ® texttrademark ™ S § P ¶ pounds £ euro € texteuro € yen ¥ textyen ¥ colon :
    textmu µ textperthousand ‰ textpertenthousand ‱ permil ‰ celsius ℃ textohm Ω ohm Ω textonehalf ½ tick ✓ cmark ✓ xmark ✗
    textless < textgreater > textbar | textasciitilde ~ textasciicircum ^ textunderscore _ textdollar $ textbraceleft { textbraceright }
    textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textbullet • textellipsis … slash /
    guillemotleft « guillemotright » textdagger † textasteriskcentered ∗ lq ‘ rq ’ textquotesingle ' textrightarrow → textleftarrow ←
""")

# A letter of a word: TeX swallows the space that ends the macro's name.
LETTERS: Final = _table("ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł ss ß i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ")

SYMBOLS: Final = {**GREEK, **RELATIONS, **SIGNS}

_FUNCTIONS = """
    log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf argmax argmin arg
    det dim
    ker deg gcd hom Pr mod bmod
"""
FUNCTIONS: Final = frozenset(_FUNCTIONS.split())

SUPERSCRIPTS: Final = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ∗*′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ**′",
        strict=True,
    )
)
SUBSCRIPTS: Final = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)

# Combining characters of the accent macros of text (\'e) and of mathematics (\hat{x}).
TEXT_ACCENTS: Final = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "t": "\u0361",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "r": "\u030a",
    "k": "\u0328",
}
MATH_ACCENTS: Final = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "acute": "\u0301",
    "grave": "\u0300",
    "check": "\u030c",
    "breve": "\u0306",
    "mathring": "\u030a",
}

# First code points of A, a, 0, Α and α in each alphabet of the block Mathematical Alphanumeric Symbols; 0 where it has none.
_ALPHABETS: Final = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
    "italic": (0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736),
    "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
    "sans-serif-italic": (0x1D608, 0x1D622, 0x1D7E2, 0, 0),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
}
# Letters that Unicode had before that block: their places in it are empty.
_ELDER: Final = {
    "italic": _table("h ℎ"),
    "script": _table("B ℬ E ℰ F ℱ H ℋ I ℐ L ℒ M ℳ R ℛ e ℯ g ℊ o ℴ"),
    "fraktur": _table("C ℭ H ℌ I ℑ R ℜ Z ℨ"),
    "double-struck": _table("C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ"),
}


def styled(text: str, variant: str) -> str:
    """Return the text in a mathematical alphabet (a `mathvariant`); characters that it lacks stay as they are.

    >>> styled("R2", "double-struck")
    'ℝ𝟚'
    """
    starts = _ALPHABETS.get(variant)
    if starts is None:
        return text
    elder = _ELDER.get(variant, {})
    return "".join(elder.get(character) or _letter(character, starts) for character in text)


def _letter(character: str, starts: tuple[int, int, int, int, int]) -> str:
    for start, first, last in zip(starts, "Aa0Αα", "Zz9Ωω", strict=True):
        if start and first <= character <= last:
            return chr(start + ord(character) - ord(first))
    return character


def dingbat(number: int) -> str:
    """Return the character of `\\ding{number}` in Zapf Dingbats, "" where it is not one.

    >>> dingbat(182), dingbat(51)
    ('❶', '✓')
    """
    if 172 <= number <= 181:
        return chr(0x2460 + number - 172)
    if 33 <= number <= 126:
        return chr(0x2700 + number - 32)
    if 161 <= number <= 254:
        return chr(0x2760 + number - 160)
    return ""
