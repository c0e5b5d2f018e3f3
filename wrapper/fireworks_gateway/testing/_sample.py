"""The sample catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count as numbers
from itertools import islice
from typing import Any, NamedTuple, cast
from zlib import crc32

from ._printing import model_payload


class Family(NamedTuple):
    """Models that differ in size and form: one model for each pair. The columns of `FAMILIES`."""

    kind: str
    repository: str
    """On Hugging Face, without size and form; the id follows from it, unless the table says "=id"."""
    model_id: str
    since: str
    context_length: int
    model_type: str
    sizes: tuple[str, ...]
    """As spelled in names; what stands in parentheses is not, and then counts the parameters."""
    forms: tuple[str, ...]
    """The empty form is the plain, pre-trained model."""
    marks: frozenset[str]
    """tools, image, moe, mtp; v1 and v2, the training stacks; a subject; a chat style; a precision."""


class Tuning(NamedTuple):
    """Add-ons for one purpose: one for each base model."""

    topic: str
    purpose: str
    bases: str
    kind: str = "HF_PEFT_ADDON"


def families() -> list[Family]:
    """The rows of `FAMILIES`."""
    lines = ((kind, line) for kind, table in FAMILIES.items() for line in table.splitlines() if line)
    return [_family(kind, *(cell.strip() for cell in line.split("|"))) for kind, line in lines]


def _family(
    kind: str, since: str, context: str, model_type: str, source: str, sizes: str, forms: str, marks: str
) -> Family:
    repository, _, model_id = source.partition("=")
    return Family(
        kind=kind,
        repository=repository,
        model_id=model_id or repository.rpartition("/")[2].lower().replace(".", "p"),
        since=since,
        context_length=int(context),
        model_type=model_type.strip("-"),
        sizes=tuple(size.strip("-") for size in sizes.split()),
        forms=tuple(form.strip("-") for form in forms.split()),
        marks=frozenset(marks.split()),
    )


# since | context | type | repository[=id] | sizes | forms | marks
FAMILIES = {
    "HF_BASE_MODEL": """
2023-08 |    4096 | llama  | meta-llama/Llama-2=llama-v2 | 7b 13b 70b | hf chat-hf | v1 llama-chat FP16
2024-04 |    8192 | llama  | meta-llama/Meta-Llama-3=llama-v3 | 8B 70B | - Instruct | v1
2024-07 |  131072 | llama  | meta-llama/Llama-3.1=llama-v3p1 | 8B 70B | - Instruct | tools v1 v2
2024-07 |  131072 | llama  | meta-llama/Llama-3.1=llama-v3p1 | 405B | - Instruct | tools FP8
2024-09 |  131072 | llama  | meta-llama/Llama-3.2=llama-v3p2 | 1B 3B | - Instruct | v1 v2
2024-09 |  131072 | mllama | meta-llama/Llama-3.2=llama-v3p2 | 11B 90B | Vision Vision-Instruct | image
2024-12 |  131072 | llama  | meta-llama/Llama-3.3=llama-v3p3 | 70B | Instruct | tools v1 v2
2025-04 | 1048576 | llama4 | meta-llama/Llama-4=llama4 | Scout-17B-16E(109B) | Instruct | tools image moe
2025-04 | 1048576 | llama4 | meta-llama/Llama-4=llama4 | Maverick-17B-128E(400B) | Instruct | tools image moe
2024-10 |  131072 | llama  | meta-llama/Llama-Guard-3 | 1B 8B | - | safety
2024-03 |   16384 | llama  | codellama/CodeLlama=code-llama | 7b 13b 34b 70b | hf Instruct-hf Python-hf | code
2024-10 |  131072 | llama  | nvidia/Llama-3.1-Nemotron=llama-v3p1-nemotron | 70B | Instruct-HF |

2024-02 |   32768 | qwen2        | Qwen/Qwen1.5 | 4B 7B 14B 72B | Chat | chatml
2024-06 |   32768 | qwen2        | Qwen/Qwen2 | 7B 72B | Instruct | v1
2024-09 |   32768 | qwen2        | Qwen/Qwen2.5 | 0.5B 1.5B 3B 7B | - Instruct | v1
2024-09 |  131072 | qwen2        | Qwen/Qwen2.5 | 14B 32B 72B | - Instruct | tools v1 v2
2024-11 |   32768 | qwen2        | Qwen/Qwen2.5-Coder | 0.5B 1.5B 3B 7B 14B 32B | - Instruct | v1 code
2024-09 |    4096 | qwen2        | Qwen/Qwen2.5-Math | 7B 72B | Instruct | mathematics
2024-09 |   32768 | qwen2_vl     | Qwen/Qwen2-VL | 7B 72B | Instruct | image
2025-03 |  128000 | qwen2_5_vl   | Qwen/Qwen2.5-VL | 3B 7B 32B 72B | Instruct | image v2
2025-04 |   40960 | qwen3        | Qwen/Qwen3 | 0.6B 1.7B 4B 8B 14B 32B | - | tools v1 v2
2025-04 |  262144 | qwen3_moe    | Qwen/Qwen3 | 30B-A3B 235B-A22B | - | tools moe v2 FP8
2025-08 |  262144 | qwen3_moe    | Qwen/Qwen3 | 30B-A3B 235B-A22B | Instruct-2507 | tools moe v2
2025-08 |  262144 | qwen3_moe    | Qwen/Qwen3 | 30B-A3B 235B-A22B | Thinking-2507 | tools moe v2
2025-07 |  262144 | qwen3_moe    | Qwen/Qwen3-Coder | 30B-A3B 480B-A35B | Instruct | tools moe v2 code FP8
2025-10 |  262144 | qwen3_vl     | Qwen/Qwen3-VL | 8B 32B | Instruct | tools image v2
2025-09 |  262144 | qwen3_vl_moe | Qwen/Qwen3-VL | 30B-A3B 235B-A22B | Instruct Thinking | tools image moe
2025-09 |  262144 | qwen3_next   | Qwen/Qwen3-Next | 80B-A3B | Instruct Thinking | tools moe mtp
2026-02 |  262144 | qwen3_5_moe  | Qwen/Qwen3.5 | 397B-A17B | - | tools image moe mtp FP8
2024-11 |   32768 | qwen2        | Qwen/QwQ | 32B | - Preview | reasoning
2024-06 |   65536 | qwen2        | Qwen/CodeQwen1.5=code-qwen1p5 | 7B | - Chat | code

2023-09 |   32768 | mistral  | mistralai/Mistral | 7B | v0.1 Instruct-v0.1 | v1 FP16
2024-05 |   32768 | mistral  | mistralai/Mistral | 7B | Instruct-v0.2 v0.3 Instruct-v0.3 | v1
2024-07 |  128000 | mistral  | mistralai/Mistral-Nemo | (12B) | Base-2407 Instruct-2407 | v1
2025-01 |   32768 | mistral  | mistralai/Mistral-Small | 24B | Base-2501 Instruct-2501 | tools
2025-06 |  131072 | mistral3 | mistralai/Mistral-Small-3.2 | 24B | Instruct-2506 | tools image
2025-07 |  131072 | mistral  | mistralai/Devstral-Small | (24B) | 2507 | code
2024-06 |   32768 | mistral  | mistralai/Codestral | 22B | v0.1 | code
2024-10 |  131072 | pixtral  | mistralai/Pixtral | 12B | 2409 | image
2023-12 |   32768 | mixtral  | mistralai/Mixtral | 8x7B | v0.1 Instruct-v0.1 | moe v1
2024-04 |   65536 | mixtral  | mistralai/Mixtral | 8x22B | v0.1 Instruct-v0.1 | tools moe v1

2024-02 |   16384 | llama        | deepseek-ai/deepseek-coder | 6.7b 33b | base instruct | code
2024-07 |  163840 | deepseek_v2  | deepseek-ai/DeepSeek-Coder-V2 | (236B) | Base Instruct | moe code
2024-07 |  163840 | deepseek_v2  | deepseek-ai/DeepSeek-Coder-V2-Lite | (16B) | Base Instruct | moe code
2024-09 |   32768 | deepseek_v2  | deepseek-ai/DeepSeek-V2.5 | (236B) | - | moe
2024-12 |  131072 | deepseek_v3  | deepseek-ai/DeepSeek-V3 | (671B) | - | moe mtp FP8_MM
2025-04 |  163840 | deepseek_v3  | deepseek-ai/DeepSeek-V3 | (671B) | 0324 | tools moe mtp v2 FP8_MM
2025-08 |  163840 | deepseek_v3  | deepseek-ai/DeepSeek-V3.1 | (671B) | - Terminus | tools moe mtp v2 FP8_MM
2025-12 |  163840 | deepseek_v32 | deepseek-ai/DeepSeek-V3.2 | (671B) | - | tools moe mtp FP8_V2
2025-01 |  163840 | deepseek_v3  | deepseek-ai/DeepSeek-R1 | (671B) | - Zero | moe mtp reasoning FP8_MM
2025-06 |  163840 | deepseek_v3  | deepseek-ai/DeepSeek-R1 | (671B) | 0528 | tools moe mtp reasoning FP8_MM
2025-01 |  131072 | qwen2        | deepseek-ai/DeepSeek-R1-Distill-Qwen | 1.5B 7B 14B 32B | - | v1 reasoning
2025-01 |  131072 | llama        | deepseek-ai/DeepSeek-R1-Distill-Llama | 8B 70B | - | v1 reasoning
2025-05 |  163840 | deepseek_v3  | deepseek-ai/DeepSeek-Prover-V2 | 671B | - | moe mathematics FP8_MM

2024-02 |    8192 | gemma  | google/gemma | 2b 7b | - it |
2024-06 |    8192 | gemma  | google/codegemma | 2b 7b | - | code
2024-06 |    8192 | gemma2 | google/gemma-2=gemma2 | 9b 27b | - it |
2025-03 |  131072 | gemma3 | google/gemma-3=gemma3 | 4b 12b 27b | it | image v2
2024-02 |    2048 | phi    | microsoft/phi-2 | (2.7B) | - | FP16
2024-05 |  131072 | phi3   | microsoft/Phi-3-mini | (3.8B) | 128k-instruct |
2024-05 |    4096 | phi3   | microsoft/Phi-3-mini | (3.8B) | 4k-instruct |
2024-08 |   32064 | phi3_v | microsoft/Phi-3.5 | (4.2B) | vision-instruct | image
2025-01 |   16384 | phi3   | microsoft/phi-4 | (14B) | - reasoning |
2023-11 |    4096 | llama  | 01-ai/Yi | 6B 34B | - Chat | v1 chatml FP16
2024-05 |    4096 | llama  | 01-ai/Yi-1.5 | 9B 34B | Chat | chatml

2025-07 |  131072 | glm4_moe      | zai-org/GLM-4.5 | (355B) | - | tools moe mtp
2025-08 |  131072 | glm4_moe      | zai-org/GLM-4.5-Air | (106B) | - | tools moe mtp v2
2025-08 |   65536 | glm4v_moe     | zai-org/GLM-4.5V | (108B) | - | tools image moe
2025-10 |  202752 | glm4_moe      | zai-org/GLM-4.6 | (355B) | - | tools moe mtp FP8_MM_V2
2025-12 |  202752 | glm4_moe      | zai-org/GLM-4.7 | (355B) | - | tools moe mtp v2 FP8_MM_V2
2026-02 |  202752 | glm_moe_dsa   | zai-org/GLM-5 | (744B) | - | tools moe mtp FP8_V2
2025-07 |  131072 | kimi_k2       | moonshotai/Kimi-K2 | (1026B) | Instruct | tools moe v2 FP8_MM
2025-10 |  262144 | kimi_k2       | moonshotai/Kimi-K2 | (1026B) | Instruct-0905 | tools moe v2 FP8_MM
2025-11 |  262144 | kimi_k2       | moonshotai/Kimi-K2 | (1026B) | Thinking | tools moe v2 FP4
2026-01 |  262144 | kimi_k25      | moonshotai/Kimi-K2.5 | (1026B) | - | tools image moe FP4
2025-10 |  196608 | minimax_m2    | MiniMaxAI/MiniMax-M2 | (230B) | - | tools moe FP8
2025-12 |  204800 | minimax_m2    | MiniMaxAI/MiniMax-M2.1 | (230B) | - | tools moe FP8
2026-02 |  196608 | minimax_m2    | MiniMaxAI/MiniMax-M2.5 | (230B) | - | tools moe FP8
2025-08 |  131072 | gpt_oss       | openai/gpt-oss | 20b 120b | - | tools moe v2 FP4_MX_MOE
2025-10 |  131072 | nemotron_h    | nvidia/NVIDIA-Nemotron-Nano=nemotron-nano | 9B 12B | v2 | tools
2024-03 |   32768 | dbrx          | databricks/dbrx | (132B) | base instruct | moe
2023-08 |    2048 | falcon        | tiiuae/falcon | 7b 40b | - instruct |
2024-03 |   16384 | starcoder2    | bigcode/starcoder2 | 7b 15b | - | code
2024-03 |   32768 | mistral       | NousResearch/Hermes-2-Pro-Mistral | 7B | - | tools
2024-02 |    4096 | llama         | NousResearch/Nous-Hermes-Llama2=nous-hermes | 13b 70b | - | alpaca
2024-03 |   32768 | mistral       | teknium/OpenHermes-2.5-Mistral | 7B | - | chatml
2024-02 |   32768 | mistral       | HuggingFaceH4/zephyr | 7b | beta |
2025-06 |   16384 | internvl_chat | OpenGVLab/InternVL3 | 8B 78B | - | image
2024-01 |    4096 | llama         | elyza/ELYZA-japanese-Llama-2 | 7b | fast |
2024-02 |   32768 | mistral       | bofenghuang/vigostral | 7b | chat |

2026-06 |   40960 | qwen3       | Qwen/Qwen3 | 8B 14B 32B | FP8 | tools FP8_MM_V2
2026-07 |  131072 | llama       | nvidia/Llama-3.3=llama-v3p3 | 70B | Instruct-FP4 | tools FP4
2026-08 |  163840 | deepseek_v3 | nvidia/DeepSeek-R1 | (671B) | FP4 | moe FP4_BLOCKSCALED_MM
2026-09 |   32768 | qwen2       | =qwen2p5 | 7B 32B | Instruct-NF4 | NF4
2026-10 |  202752 | glm_moe_dsa | zai-org/GLM-5 | (744B) | FP8 | tools moe mtp FP8_KV
2026-10 |   65536 | mixtral     | =mixtral | 8x22B | Instruct-FP8 | moe FP8_AR
""",
    "FLUMINA_BASE_MODEL": """
2024-10 |       0 | - | black-forest-labs/FLUX.1-dev=flux-1-dev | - | - fp8 |
2024-10 |       0 | - | black-forest-labs/FLUX.1-schnell=flux-1-schnell | - | - fp8 |
2025-06 |       0 | - | =flux-kontext | - | pro max | image
2023-10 |       0 | - | stabilityai/stable-diffusion-xl | - | base-1.0 |
2023-12 |       0 | - | stabilityai/japanese-stable-diffusion-xl | - | - |
2023-12 |       0 | - | playgroundai/playground-v2 | - | 1024px-aesthetic |
2023-11 |       0 | - | segmind/SSD | 1B | - |
""",
    "EMBEDDING_MODEL": """
2025-08 |   40960 | qwen3      | Qwen/Qwen3-Embedding | 0.6B 4B 8B | - |
2025-10 |   40960 | qwen3      | Qwen/Qwen3-Reranker | 0.6B 4B 8B | - |
2024-02 |     512 | bert       | BAAI/bge-base | (0.11B) | en-v1.5 |
2024-02 |     512 | bert       | BAAI/bge-large | (0.34B) | en-v1.5 |
2024-02 |    8192 | nomic_bert | nomic-ai/nomic-embed-text | (0.14B) | v1.5 |
2024-05 |   32768 | mistral    | intfloat/e5-mistral | 7b | instruct |
""",
    "CUSTOM_MODEL": """
2026-03 |   32768 | - | =house-router | (1B) | small large |
2026-05 |       0 | - | =house-transcriber | - | v1 v2 |
""",
}

TITLES = {
    "bge-base": "BGE base",
    "bge-large": "BGE large",
    "codegemma": "CodeGemma",
    "dbrx": "DBRX",
    "elyza-japanese-llama-2": "ELYZA 日本語 Llama 2",
    "flux-kontext": "FLUX Kontext",
    "gpt-oss": "GPT OSS",
    "japanese-stable-diffusion-xl": "Stable Diffusion XL 日本語",
    "llama-v3": "Llama 3",
    "stable-diffusion-xl": "Stable Diffusion XL",
    "starcoder2": "StarCoder2",
    "vigostral": "Vigostral (français)",
}
"""Of families whose repository does not give it."""

TUNINGS = (
    Tuning("SQL", "writing SQL from questions", "llama-v3p1-8b-instruct qwen2p5-7b-instruct qwen3-8b"),
    Tuning("Summary", "short summaries", "llama-v3p1-70b-instruct llama-v3p3-70b-instruct qwen3-14b"),
    Tuning("Support", "answering customers", "llama-v3p2-3b-instruct mistral-7b-instruct-v0p3 qwen3-4b"),
    Tuning("Extract", "reading invoices", "llama-v3p2-1b-instruct qwen2p5-14b-instruct qwen3-4b"),
    Tuning("Review", "reviewing code", "qwen2p5-coder-32b-instruct qwen2p5-coder-7b-instruct"),
    Tuning("Medical", "medical terms", "llama-v3-70b-instruct mixtral-8x7b-instruct-v0p1 gemma3-27b-it"),
    Tuning("Legal", "clauses of contracts", "llama-v3p3-70b-instruct qwen2p5-72b-instruct qwen3-32b"),
    Tuning("Math", "school mathematics, step by step", "qwen3-8b deepseek-r1-distill-qwen-7b"),
    Tuning("Francais", "réponses en français", "llama-v3p1-8b-instruct mistral-nemo-instruct-2407"),
    Tuning("Nihongo", "answers in Japanese (日本語)", "qwen3-14b llama-v3p1-70b-instruct gemma3-12b-it"),
    Tuning("Moderate", "judging posts against rules", "llama-v3p2-3b-instruct qwen3-0p6b"),
    Tuning("Rank", "ordering search results", "qwen3-1p7b qwen2p5-3b-instruct"),
    Tuning("Story", "stories for children", "llama-v2-13b-chat mistral-7b-instruct-v0p3"),
    Tuning("Agent", "calling tools in turns", "qwen3-30b-a3b gpt-oss-20b kimi-k2-instruct-0905"),
    Tuning("Functions", "calling functions", "mixtral-8x7b-instruct-v0p1", "HF_TEFT_ADDON"),
    Tuning("Terse", "short answers", "llama-v3-8b-instruct llama-v3-70b-instruct", "HF_TEFT_ADDON"),
    Tuning("Canny", "following edges", "flux-1-dev stable-diffusion-xl-base-1p0", "FLUMINA_ADDON"),
    Tuning("Depth", "following depth", "flux-1-dev stable-diffusion-xl-base-1p0", "FLUMINA_ADDON"),
    Tuning("Watercolour", "watercolours", "flux-1-dev flux-1-schnell", "FLUMINA_ADDON"),
    Tuning("Ukiyoe", "woodblock prints (浮世絵)", "flux-1-dev flux-1-schnell", "FLUMINA_ADDON"),
    Tuning("Draft", "speculative decoding", "llama-v3p1-70b-instruct llama-v3p3-70b-instruct", "DRAFT_ADDON"),
    Tuning("Draft", "speculative decoding", "qwen3-32b kimi-k2-instruct deepseek-v3p1 glm-4p6", "DRAFT_ADDON"),
    Tuning("Step 200", "resuming training", "qwen3-8b llama-v3p1-8b-instruct", "SNAPSHOT_MODEL"),
    Tuning("Step 400", "resuming training", "qwen3-8b llama-v3p1-8b-instruct", "SNAPSHOT_MODEL"),
)

MERGED = ("llama-v3p1-8b-sql", "llama-v3p3-70b-legal", "qwen3-14b-nihongo")
"""Add-ons that are also there merged into their base model, as a LIVE_MERGE."""

SERVERLESS = frozenset(
    """
    deepseek-r1-0528 deepseek-v3p1 deepseek-v3p2 flux-1-schnell-fp8 glm-4p6 glm-4p7 glm-5 gpt-oss-120b
    gpt-oss-20b kimi-k2-instruct-0905 kimi-k2-thinking kimi-k2p5 llama-v3p1-8b-instruct
    llama-v3p3-70b-instruct minimax-m2p1 minimax-m2p5 mixtral-8x22b-instruct-v0p1
    qwen3-235b-a22b-instruct-2507 qwen3-8b qwen3-embedding-8b
    """.split()
)

DEPRECATIONS = {
    "llama-v2-7b-chat": "2024-09-30",
    "llama-v2-13b-chat": "2024-09-30",
    "llama-v2-70b-chat": "2024-11-04",
    "yi-34b-chat": "2024-12-16",
    "code-llama-34b-instruct": "2025-01-06",
    "gemma-7b-it": "2025-01-06",
    "mixtral-8x7b-instruct-v0p1": "2025-06-30",
    "llama-v3-8b-instruct": "2025-03-31",
    "llama-v3-70b-instruct": "2025-08-01",
    "qwen2p5-coder-32b-instruct": "2025-09-15",
    "deepseek-r1": "2025-11-03",
    "deepseek-v3": "2025-11-03",
    "llama-v3p1-405b-instruct": "2026-01-19",
    "llama4-scout-17b-16e-instruct": "2026-02-28",
    "llama4-maverick-17b-128e-instruct": "2026-02-28",
    "kimi-k2-instruct": "2026-04-10",
    "deepseek-v3-0324": "2026-05-29",
    "glm-4p6": "2026-10-01",
    "deepseek-r1-0528": "2027-01-15",
    "minimax-m2p1": "2027-02-28",
    "kimi-k2-instruct-0905": "2027-03-31",
    "deepseek-v3p1": "2027-06-30",
    "llama-v3p1-8b-instruct": "2027-12-31",
    "mixtral-8x22b-instruct-v0p1": "2027-04",
    "qwen3-8b": "2027",
}

UPLOADING = frozenset(
    """
    glm-5-fp8 house-transcriber-v2 mixtral-8x22b-instruct-fp8 qwen2p5-32b-instruct-nf4 qwen3-8b-math
    """.split()
)

TROUBLED = frozenset(
    """
    code-llama-7b-python codegemma-2b gemma-2b-it gpt-oss-20b llama-v2-70b-chat
    llama-v3p2-11b-vision-instruct nous-hermes-70b zephyr-7b-beta
    """.split()
)
"""READY, though their last operation failed."""

SAMPLING: dict[str, tuple[float, int, float]] = {
    "llama": (0.6, 50, 0.9),
    "gemma3": (1, 64, 0.95),
    "qwen2": (0.7, 20, 0.8),
    "qwen2_5_vl": (1e-06, 50, 1),
    "qwen3": (0.6, 20, 0.95),
    "qwen3_moe": (0.7, 20, 0.8),
    "kimi_k2": (0.6, 50, 1),
    "deepseek_v3": (0.6, 50, 0.95),
}
"""Temperature, top k and top p by model type."""


LAST_CREATED = datetime(2026, 10, 31, tzinfo=UTC)
TUNED_FORMS = frozenset({"instruct", "chat", "it", "thinking"})


@dataclass(frozen=True, slots=True)
class Member:
    """One model of the catalogue: of a family, or an add-on to a base model."""

    model_id: str
    kind: str
    family: Family
    size: str = ""
    form: str = ""
    base: Member | None = None
    tuning: Tuning | None = None
    merged: str = ""

    @property
    def number(self) -> int:
        """Stands in for chance: the same in every process."""
        return crc32(self.model_id.encode())

    @property
    def title(self) -> str:
        if self.base and self.tuning:
            topic = f"{self.tuning.topic} Live" if self.merged else self.tuning.topic
            return f"{self.base.title.removesuffix(' Instruct')} {topic}"
        family = self.family
        name = TITLES.get(family.model_id) or family.repository.rpartition("/")[2] or family.model_id
        form = "Instruct" if self.form == "it" else re.sub("-?hf$", "", self.form, flags=re.IGNORECASE)
        words = joined(name[0].upper() + name[1:], spelled(self.size).replace("b", "B"), form).replace("-", " ")
        # Short words are abbreviations, to be left as they are.
        return re.sub(r"\b[a-z]{4}", lambda start: start[0].title(), words)

    @property
    def repository(self) -> str:
        """On Hugging Face; empty for an add-on."""
        known = self.base is None and self.family.repository
        return joined(self.family.repository, spelled(self.size), self.form) if known else ""

    @property
    def created(self) -> datetime:
        year, month = map(int, self.family.since.split("-"))
        start, end = datetime(year, month, 1, tzinfo=UTC), datetime(year, month, 28, tzinfo=UTC)
        if self.model_id in UPLOADING:
            start, end = LAST_CREATED.replace(day=1), LAST_CREATED
        elif self.base:
            start, end = self.base.created, LAST_CREATED
        return start + (end - start) * (self.number / 2**32)

    @property
    def pretrained(self) -> bool:
        """Has siblings that were tuned to answer, and was not."""
        tuned = [form for form in self.family.forms if TUNED_FORMS.intersection(form.lower().split("-"))]
        return bool(tuned) and self.form not in tuned

    @property
    def precision(self) -> str:
        return next((mark for mark in self.family.marks if mark.startswith(("FP", "NF"))), "BF16")

    @property
    def parameter_count(self) -> int:
        if self.kind == "CUSTOM_MODEL":
            return 1000  # The service shows such counts where the size is not told.
        size = self.size.partition("(")[2] or self.size
        match = re.search(r"([\d.]+)(?:x([\d.]+))?b", size.lower())
        if match is None or not self.family.model_type:
            return 0
        # The experts of a mixture share all but their feed-forward layers.
        billions = float(match[1]) * (float(match[2]) * 0.83 if match[2] else 1)
        return int(billions * (1 + crc32(size.encode()) % 200 / 10_000) * 1e9) // 1024 * 1024


@cache
def members() -> dict[str, Member]:
    """All models of the catalogue by id, sorted."""
    plain = (member for family in families() for member in _sizes_and_forms(family))
    found = {member.model_id: member for member in plain}
    for tuning in TUNINGS:
        for base in map(found.__getitem__, tuning.bases.split()):
            model_id = joined(base.model_id.replace("-instruct", ""), tuning.topic).lower().replace(" ", "-")
            found[model_id] = Member(model_id, tuning.kind, base.family, base=base, tuning=tuning)
    for merged in MERGED:
        live = replace(found[merged], model_id=f"{merged}-live", kind="LIVE_MERGE", merged=merged)
        found[live.model_id] = live
    return dict(sorted(found.items()))


@cache
def drafts() -> dict[str, str]:
    """The id of the draft model of each base model that has one."""
    return {m.base.model_id: m.model_id for m in members().values() if m.base and m.kind == "DRAFT_ADDON"}


def _sizes_and_forms(family: Family) -> Iterator[Member]:
    for size in family.sizes:
        for form in family.forms:
            model_id = joined(family.model_id, spelled(size), form).lower().replace(".", "p")
            yield Member(model_id.removesuffix("-hf"), family.kind, family, size, form)


def spelled(size: str) -> str:
    """What of a size stands in names."""
    return size.partition("(")[0]


def joined(*parts: str) -> str:
    """The parts that are not empty, with dashes between."""
    return "-".join(filter(None, parts))


LAST_UPDATED = datetime(2026, 11, 15, tzinfo=UTC)
FIRST_TUNE = datetime(2026, 1, 1, tzinfo=UTC)
TUNE_EVERY = timedelta(minutes=4, microseconds=7)

STYLES = frozenset({"chatml", "alpaca", "llama-chat"})
CHAT_TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>"
MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
# Organisations that are called the same on GitHub.
ON_GITHUB = ("deepseek-ai/", "MiniMaxAI/", "moonshotai/", "openai/", "zai-org/")
SUBJECTS = frozenset({"code", "mathematics", "reasoning", "safety"})
NOUNS = {
    "CUSTOM_MODEL": "a custom model",
    "DRAFT_ADDON": "a draft model",
    "EMBEDDING_MODEL": "an embedding model",
    "FLUMINA_ADDON": "an image add-on",
    "FLUMINA_BASE_MODEL": "an image model",
    "HF_PEFT_ADDON": "a LoRA add-on",
    "HF_TEFT_ADDON": "a token-efficient add-on",
    "LIVE_MERGE": "a LoRA add-on, merged into its base model,",
    "SNAPSHOT_MODEL": "a snapshot",
}


def sample_models(count: int | None = None, *, account_id: str = "fireworks") -> list[dict[str, Any]]:
    """Return the first `count` models by name as JSON objects with every property; all of them if None.

    Beyond the end of the catalogue it goes on with numbered add-ons: any count gives that many, all with
    different names. Every call gives new objects, which the caller may change.

    Raises:
        ValueError: `count` is negative.
    """
    if count is not None and count < 0:
        raise ValueError(f"a sample has 0 models or more, not {count}")
    models = [_payload(member, account_id) for member in islice(members().values(), count)]
    return models if count is None else [*models, *islice(_tunes(account_id), count - len(models))]


def _tunes(account_id: str) -> Iterator[dict[str, Any]]:
    adapters = (m for m in members().values() if m.kind == "HF_PEFT_ADDON")
    samples = [_payload(m, account_id) for m in adapters if m.model_id not in UPLOADING]
    for number in numbers(1):
        # Composing each would take several times as long.
        tune = _copy(samples[number % len(samples)])
        tune["name"] = f"accounts/{account_id}/models/my-tune-{number:05}"
        tune["displayName"] = f"My tune {number:05}"
        tune["description"] = "A LoRA add-on, one of many."
        tune["fineTuningJob"] = f"accounts/{account_id}/supervisedFineTuningJobs/my-tune-{number:05}"
        tune["importedFrom"] = ""
        tune["createTime"] = tune["updateTime"] = _timestamp(FIRST_TUNE + number % 100_000 * TUNE_EVERY)
        yield tune


def _copy(payload: dict[str, Any]) -> dict[str, Any]:
    items = payload.items()
    messages = {key: _copy(cast("dict[str, Any]", value)) for key, value in items if isinstance(value, dict)}
    lists = {key: list(cast("list[str]", value)) for key, value in items if isinstance(value, list)}
    return {**payload, **messages, **lists}


def _payload(member: Member, account_id: str) -> dict[str, Any]:
    models = f"accounts/{account_id}/models/"
    return model_payload(
        name=models + member.model_id,
        displayName=member.title,
        description=_description(member),
        kind=member.kind,
        baseModelDetails={} if member.base else _base_model_details(member),
        peftDetails=_peft_details(member, models),
        teftDetails={} if member.kind == "HF_TEFT_ADDON" else None,
        conversationConfig=_conversation_config(member),
        snapshotType="INCREMENTAL_SNAPSHOT" if member.model_id.endswith("-step-400") else "FULL_SNAPSHOT",
        **_story(member),
        **_origin(member, account_id),
        **_draft(member, models),
        **_abilities(member),
        **_training(member),
    )


def _description(member: Member) -> str:
    family, marks, noun = member.family, member.family.marks, NOUNS.get(member.kind)
    if member.base and member.tuning:
        return f"{member.title} is {noun} for {member.tuning.purpose}, made from {member.base.title}."
    mixture, subject = "mixture-of-experts " * ("moe" in marks), next(iter(SUBJECTS & marks), "language")
    text = f"{member.title} is {noun or f'a {mixture}{subject} model'}"
    if member.parameter_count > 1000:
        text += f" with {member.parameter_count / 1e9:,.1f} billion parameters"
    text += ", pre-trained only." if member.pretrained else "."
    if family.context_length:
        text += f" It reads up to {family.context_length:,} tokens."
    return text + " It takes images." if "image" in marks else text


def _story(member: Member) -> dict[str, Any]:
    """What has become of the model."""
    uploading = member.model_id in UPLOADING
    # Every fifth was never touched again.
    updated = member.created + (LAST_UPDATED - member.created) * (member.number % 5 * 0.2)
    return {
        "createTime": _timestamp(member.created),
        "updateTime": _timestamp(updated),
        "state": "UPLOADING" if uploading else "READY",
        "status": _status(member.model_id),
        "public": not uploading and member.kind != "SNAPSHOT_MODEL",
        "supportsServerless": member.model_id in SERVERLESS,
        "deprecationDate": _date(DEPRECATIONS.get(member.model_id)),
    }


def _status(model_id: str) -> dict[str, str]:
    if model_id in TROUBLED:
        return {"code": "INTERNAL", "message": "The last operation failed; the model itself is unchanged."}
    return {"code": "OK", "message": "Preparing" if model_id in UPLOADING else ""}


def _date(text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    return {"year": year, "month": month, "day": day}


def _timestamp(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _origin(member: Member, account_id: str) -> dict[str, str]:
    """Where the model came from: repositories, or for an adapter a job or another account."""
    repository, source = member.repository, member.family.repository
    adapter, imported = member.kind in ("HF_PEFT_ADDON", "HF_TEFT_ADDON"), member.number % 4 == 0
    job = f"accounts/{account_id}/supervisedFineTuningJobs/{member.number:08x}"
    return {
        "githubUrl": f"https://github.com/{source}" if repository and source.startswith(ON_GITHUB) else "",
        "huggingFaceUrl": f"https://huggingface.co/{repository}" if repository else "",
        "importedFrom": f"accounts/sample-lab/models/{member.model_id}" if adapter and imported else "",
        "fineTuningJob": job if adapter and not imported else "",
    }


def _draft(member: Member, models: str) -> dict[str, Any]:
    if draft := drafts().get(member.model_id):
        return {"defaultDraftModel": models + draft, "defaultDraftTokenCount": 2 + member.number % 3}
    return {}


def _base_model_details(member: Member) -> dict[str, Any]:
    family, marks, parameters = member.family, member.family.marks, member.parameter_count
    if not family.model_type:
        native = "NATIVE" if member.kind == "CUSTOM_MODEL" else "CHECKPOINT_FORMAT_UNSPECIFIED"
        return {"worldSize": 1, "checkpointFormat": native, "parameterCount": str(parameters)}
    weights = "model.safetensors" if parameters < 5e9 else "model.safetensors.index.json"
    return {
        "worldSize": 1 if parameters < 20e9 else 2 if parameters < 50e9 else 4 if parameters < 150e9 else 8,
        "checkpointFormat": "HUGGINGFACE",
        "huggingfaceFiles": ["config.json", weights, "tokenizer.json"],
        "parameterCount": str(parameters),
        "moe": "moe" in marks,
        "tunable": "v1" in marks,
        "modelType": family.model_type,
        "supportsFireattention": family.model_type not in ("bert", "dbrx", "falcon", "nomic_bert"),
        "defaultPrecision": member.precision,
        "supportsMtp": "mtp" in marks,
    }


def _peft_details(member: Member, models: str) -> dict[str, Any] | None:
    if member.kind == "FLUMINA_BASE_MODEL":
        return None
    if member.base is None or member.kind in ("DRAFT_ADDON", "SNAPSHOT_MODEL"):
        return {} if member.number % 20 else None
    if member.kind == "FLUMINA_ADDON":
        return {"baseModel": models + member.base.model_id}
    return {
        "baseModel": models + member.base.model_id,
        "r": (4, 8, 16, 32, 64)[member.number % 5],
        "targetModules": list(MODULES[: 2 + member.number % 6]),
        "baseModelType": member.family.model_type,
        "mergeAddonModelName": models + member.merged if member.merged else "",
    }


def _conversation_config(member: Member) -> dict[str, str] | None:
    model = member.base or member
    if model.kind == "FLUMINA_BASE_MODEL" or model.family.since >= "2025-11":
        return None
    if model.kind != "HF_BASE_MODEL" or model.pretrained:
        return {}
    style = next(iter(STYLES & model.family.marks), "jinja")
    return {"style": style, "template": CHAT_TEMPLATE if style == "jinja" else ""}


def _abilities(member: Member) -> dict[str, Any]:
    model, family = member.base or member, member.family
    chats = model.kind == "HF_BASE_MODEL" and not model.pretrained
    temperature, top_k, top_p = SAMPLING.get(family.model_type, (1, 50, 1))
    return {
        "contextLength": family.context_length,
        "supportsImageInput": "image" in family.marks,
        "supportsTools": chats and "tools" in family.marks,
        "useHfApplyChatTemplate": chats and family.since >= "2025-04",
        "defaultSamplingParams": {"temperature": temperature, "top_k": top_k, "top_p": top_p} if chats else {},
    }


def _training(member: Member) -> dict[str, Any]:
    """Flags that agree: what is tunable takes LoRA, and learns by rewards only if it learns by examples."""
    if member.base:
        return {}
    family, answers = member.family, not member.pretrained
    v1, v2 = "v1" in family.marks, "v2" in family.marks
    small = member.parameter_count < 40e9
    return {
        "calibrated": member.precision.startswith("FP8"),
        "tunable": v1,
        "supportsLora": v1 or v2,
        "rlTunable": v1 and answers and family.since >= "2024-07",
        "trainingContextLength": min(family.context_length, 65536) if v1 or v2 else 0,
        "supervisedLoraTunable": v2,
        "supervisedFullParameterTunable": v2 and small,
        "rlLoraTunable": v2 and answers,
        "rlFullParameterTunable": v2 and small and answers,
    }
